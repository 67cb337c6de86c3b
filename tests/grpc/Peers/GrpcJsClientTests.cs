using Xunit.Abstractions;

namespace RxChain.Grpc.Tests.Peers;

public sealed class GrpcJsClientTests(GrpcJsClientTests.Fixture suite)
    : PeerClientTests(suite), IClassFixture<GrpcJsClientTests.Fixture>
{
    public sealed class Fixture(IMessageSink output) : PeerClientSuite(output, "grpc-js client", 10)
    {
        protected override PeerProcess StartClient() => PeerProcess.Start("node", "js/client.js", Target);
    }
}
