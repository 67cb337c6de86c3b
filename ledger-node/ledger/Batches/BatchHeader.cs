using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Layout;

namespace RxChain.Ledger.Batches;

/// <summary>
/// What a validator's node key signs about a batch: where it belongs and the envelopes in it.
/// Bytes (big-endian): version u8 = 1, network (u16 length, UTF-8), epoch u64, base height u64, base seal hash 32,
/// clock i64 (ms), proposer (u8 length, UTF-8), count u16, count × envelope hash 32, Ed25519 signature 64.
/// </summary>
public sealed record BatchHeader
{
    /// <summary>Version byte.</summary>
    public const byte Version = 1;

    /// <summary>Length of the signature that ends a header.</summary>
    public const int SignatureSizeBytes = 64;

    private static readonly byte[] SignedContext = "RxChain batch header v1\n"u8.ToArray();

    /// <summary>Origin of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Epoch in which it counts.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Height of a block that the proposer has.</summary>
    public required long BaseHeight { get; init; }

    /// <summary>Leaf hash of that block's seal.</summary>
    public required Hash32 BaseSealHash { get; init; }

    /// <summary>The proposer's clock, ms since the Unix epoch.</summary>
    public required long ClockMs { get; init; }

    /// <summary>Name of the proposing validator.</summary>
    public required string Proposer { get; init; }

    /// <summary>Hashes of the envelopes, in order.</summary>
    public required IReadOnlyList<Hash32> EnvelopeHashes { get; init; }

    /// <summary>The header's bytes without the signature.</summary>
    public byte[] UnsignedBytes()
    {
        var writer = new ByteWriter(256 + 32 * EnvelopeHashes.Count)
            .U8(Version).Text16(Network).U64(Epoch).I64(BaseHeight).Hash(BaseSealHash)
            .I64(ClockMs).Text8(Proposer).U16(EnvelopeHashes.Count);
        foreach (var hash in EnvelopeHashes)
            writer.Hash(hash);
        return writer.ToArray();
    }

    /// <summary>What the node key signs: a context line and the bytes before the signature.</summary>
    public static byte[] SignedBytes(ReadOnlySpan<byte> unsignedHeader) => [.. SignedContext, .. unsignedHeader];

    /// <summary>Whether the bytes of a signed header end in this node key's signature of the rest.</summary>
    public static bool IsSignedBy(Ed25519PublicKey nodeKey, ReadOnlySpan<byte> headerBytes) =>
        nodeKey.Verify(SignedBytes(headerBytes[..^SignatureSizeBytes]), headerBytes[^SignatureSizeBytes..]);

    /// <summary>Reads a signed header; the signature is not verified.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out BatchHeader? header)
    {
        header = null;
        var reader = new ByteReader(bytes);
        if (reader.U8() != Version)
            return false;
        string network = reader.Text(reader.U16());
        ulong epoch = reader.U64();
        long baseHeight = reader.Count();
        var baseSeal = reader.Hash();
        long clock = reader.Count();
        string proposer = reader.Text(reader.U8());
        var hashes = new Hash32[reader.U16()];
        for (int i = 0; i < hashes.Length && !reader.Failed; i++)
            hashes[i] = reader.Hash();
        reader.Bytes(SignatureSizeBytes);
        if (!reader.AtEnd)
            return false;
        header = new BatchHeader
        {
            Network = network,
            Epoch = epoch,
            BaseHeight = baseHeight,
            BaseSealHash = baseSeal,
            ClockMs = clock,
            Proposer = proposer,
            EnvelopeHashes = hashes,
        };
        return true;
    }
}
