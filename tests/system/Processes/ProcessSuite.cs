using Xunit.Abstractions;

namespace RxChain.SystemTests.Processes;

/// <summary>Tests of a node's files: damage, full disks, wrong configuration.</summary>
[CollectionDefinition(Name)]
public sealed class DamageSuite(IMessageSink output) : Suite(output, "Damage", 90), ICollectionFixture<DamageSuite>
{
    public const string Name = "Damage";
}

/// <summary>Tests of the commands as operators type them.</summary>
[CollectionDefinition(Name)]
public sealed class CommandSuite(IMessageSink output) : Suite(output, "Commands", 90), ICollectionFixture<CommandSuite>
{
    public const string Name = "Commands";
}

/// <summary>Tests of TLS, roles and limits.</summary>
[CollectionDefinition(Name)]
public sealed class TlsSuite(IMessageSink output) : Suite(output, "TLS", 90), ICollectionFixture<TlsSuite>
{
    public const string Name = "TLS";
}
