using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>One message compression of gRPC, by the name it has in <c>grpc-encoding</c>.</summary>
public interface ICompressionProvider
{
    /// <summary>The name in <c>grpc-encoding</c> and <c>grpc-accept-encoding</c>.</summary>
    string EncodingName { get; }

    /// <summary>Makes a stream that compresses into <paramref name="stream"/>, which stays open.</summary>
    /// <param name="stream">Takes the compressed bytes.</param>
    /// <param name="compressionLevel">The level, or the provider's own when null.</param>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>Makes a stream that decompresses from <paramref name="stream"/>, which stays open.</summary>
    /// <param name="stream">Gives the compressed bytes.</param>
    Stream CreateDecompressionStream(Stream stream);
}
