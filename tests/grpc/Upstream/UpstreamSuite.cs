using RxChain.Grpc.Tests.Peers;
using Xunit.Abstractions;

namespace RxChain.Grpc.Tests.Upstream;

/// <summary>What the stand-ins are and do, in this process.</summary>
[CollectionDefinition(Name)]
public sealed class UpstreamSuite(IMessageSink output) : Suite(output, "gRPC stand-ins", 5), ICollectionFixture<UpstreamSuite>
{
    public const string Name = "Upstream";
}
