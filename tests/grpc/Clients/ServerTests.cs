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

    [Fact]
    public async Task ServerInterceptor_EachKindOfCall_PassesItsHandler()
    {
        using var unary = Client.UnaryAsync(new EchoRequest());
        await unary;
        using var clientStreaming = Client.Collect();
        await clientStreaming.RequestStream.CompleteAsync();
        await clientStreaming;
        using var serverStreaming = Client.Repeat(new EchoRequest());
        Assert.False(await serverStreaming.ResponseStream.MoveNext());
        using var duplex = Client.Chat();
        await duplex.RequestStream.CompleteAsync();
        Assert.False(await duplex.ResponseStream.MoveNext());

        Assert.Equal("unary", unary.GetTrailers().GetValue("kind"));
        Assert.Equal("client streaming", clientStreaming.GetTrailers().GetValue("kind"));
        Assert.Equal("server streaming", serverStreaming.GetTrailers().GetValue("kind"));
        Assert.Equal("duplex streaming", duplex.GetTrailers().GetValue("kind"));
    }

    public sealed class Fixture(IMessageSink output) : KestrelSuite(output, "C# client, Kestrel server", 10);
}

public sealed class GrpcJsServerTests(GrpcJsServerTests.Fixture suite)
    : ClientTests(suite), IClassFixture<GrpcJsServerTests.Fixture>
{
    public sealed class Fixture(IMessageSink output) : GrpcJsServerSuite(output, "C# client, grpc-js server", 10);
}
