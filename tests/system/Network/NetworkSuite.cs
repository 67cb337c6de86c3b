using Xunit.Abstractions;

namespace RxChain.SystemTests.Network;

/// <summary>Tests of several real nodes over several real etcd members. One after another: each takes the whole machine.</summary>
[CollectionDefinition(Name)]
public sealed class NetworkSuite(IMessageSink output) : Suite(output, "Network", 480), ICollectionFixture<NetworkSuite>
{
    public const string Name = "Network";
}
