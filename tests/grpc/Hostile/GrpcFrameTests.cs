using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Grpc.EchoServer;

namespace RxChain.Grpc.Tests.Hostile;

/// <summary>Sound HTTP/2 with unsound gRPC in it.</summary>
[Collection(HostileCollection.Name)]
public sealed class GrpcFrameTests(HostileSuite suite) : IDisposable
{
    private const byte Compressed = 1;
    private const int BombBytes = 512 << 20;

    private readonly HttpClient _http = new();

    public static TheoryData<string, byte[], StatusCode> Bodies => new()
    {
        { "no message", [], StatusCode.Internal },
        { "half a prefix", [0, 0], StatusCode.Internal },
        { "half a message", GrpcFrame.Encode(new byte[3], 0, 10), StatusCode.Internal },
        { "two messages", [.. GrpcFrame.Encode([]), .. GrpcFrame.Encode([])], StatusCode.Internal },
        { "2 GB stated", GrpcFrame.Encode(new byte[3], 0, int.MaxValue), StatusCode.ResourceExhausted },
        { "4 GB stated", GrpcFrame.Encode(new byte[3], 0, uint.MaxValue), StatusCode.Unknown },
        { "unknown flag", GrpcFrame.Encode(new byte[3], 7), StatusCode.Unknown },
        { "compressed without encoding", GrpcFrame.Encode(new byte[3], Compressed), StatusCode.Internal },
        { "not protobuf", GrpcFrame.Encode([.. Enumerable.Repeat((byte)0xff, 64)]), StatusCode.Unknown },
    };

    public void Dispose() => _http.Dispose();

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_Unsound_IsRefused(string what, byte[] body, StatusCode expected)
    {
        var (status, _) = await Post(body, "identity");

        Assert.True(expected == status, $"{what}: {status}");
        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Encoding_Unknown_IsUnimplemented()
    {
        var (status, _) = await Post(GrpcFrame.Encode(new byte[3], Compressed), "br");

        Assert.Equal(StatusCode.Unimplemented, status);
    }

    [Fact]
    public async Task Gzip_Garbage_IsRefused()
    {
        var (status, _) = await Post(GrpcFrame.Encode(new byte[64], Compressed), "gzip");

        Assert.NotEqual(StatusCode.OK, status);
        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Gzip_Bomb_IsRefusedBeforeItGrows()
    {
        var (status, _) = await Post(GrpcFrame.Encode(Bomb(), Compressed), "gzip");

        Assert.Equal(StatusCode.ResourceExhausted, status);
        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Gzip_Reply_IsCompressedOnTheWire()
    {
        var request = new EchoRequest { ReplyBytes = 1 << 20, Compress = true };

        var (status, reply) = await Post(GrpcFrame.Encode(request.ToByteArray()), "identity");

        Assert.Equal(StatusCode.OK, status);
        Assert.Equal(Compressed, reply[0]);
        Assert.InRange(reply.Length, 5, 100_000);
    }

    private static byte[] Bomb()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest))
        {
            var chunk = new byte[1 << 20];
            for (var written = 0; written < BombBytes; written += chunk.Length)
                gzip.Write(chunk);
        }
        return bomb.ToArray();
    }

    private async Task<(StatusCode Status, byte[] Body)> Post(byte[] body, string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{suite.Address}/rxchain.test.v1.Echo/Unary")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
            Headers = { { "te", "trailers" }, { "grpc-encoding", encoding }, { "grpc-accept-encoding", "gzip" } },
        };
        using var response = await _http.SendAsync(request);
        var reply = await response.Content.ReadAsByteArrayAsync();
        var headers = response.TrailingHeaders.Contains("grpc-status") ? (HttpHeaders)response.TrailingHeaders : response.Headers;
        return (Enum.Parse<StatusCode>(headers.GetValues("grpc-status").Single()), reply);
    }
}
