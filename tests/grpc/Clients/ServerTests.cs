using Grpc.Core;
using RxChain.Grpc.EchoServer;
using RxChain.Grpc.Tests.Peers;
using Xunit.Abstractions;

namespace RxChain.Grpc.Tests.Clients;

public sealed class KestrelServerTests(KestrelServerTests.Fixture suite)
    : ClientTests(suite), IClassFixture<KestrelServerTests.Fixture>
{
    // grpc-js does not tell services how requests were encoded, hence only here.
    [Fact]
    public async Task Gzip_Request_IsSentAsGzip()
    {
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        var reply = await Client.UnaryAsync(new EchoRequest(), headers);

        Assert.Equal("gzip", reply.RequestEncoding);
    }

    public sealed class Fixture(IMessageSink output) : KestrelSuite(output, "C# client, Kestrel server", 10);
}

public sealed class GrpcJsServerTests(GrpcJsServerTests.Fixture suite)
    : ClientTests(suite), IClassFixture<GrpcJsServerTests.Fixture>
{
    public sealed class Fixture(IMessageSink output) : GrpcJsServerSuite(output, "C# client, grpc-js server", 10);
}
