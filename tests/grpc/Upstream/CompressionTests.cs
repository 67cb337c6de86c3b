using System.IO.Compression;
using Grpc.Net.Compression;

namespace RxChain.Grpc.Tests.Upstream;

[Collection(UpstreamSuite.Name)]
public sealed class CompressionTests
{
    public static TheoryData<string, byte> Providers => new() { { "gzip", 0x1f }, { "deflate", 0x78 } };

    [Theory]
    [MemberData(nameof(Providers))]
    public void Provider_RoundTrip_KeepsBytesAndLeavesStreamsOpen(string name, byte firstByte)
    {
        ICompressionProvider provider = name == "gzip"
            ? new GzipCompressionProvider(CompressionLevel.Fastest)
            : new DeflateCompressionProvider(CompressionLevel.Fastest);
        byte[] bytes = [.. Enumerable.Repeat((byte)7, 10_000)];
        using var compressed = new MemoryStream();
        using (var writer = provider.CreateCompressionStream(compressed, null))
            writer.Write(bytes);

        compressed.Position = 0;
        using var plain = new MemoryStream();
        using (var reader = provider.CreateDecompressionStream(compressed))
            reader.CopyTo(plain);

        Assert.Equal(name, provider.EncodingName);
        Assert.Equal(firstByte, compressed.ToArray()[0]);
        Assert.InRange(compressed.Length, 1, 1000);
        Assert.Equal(bytes, plain.ToArray());
    }
}
