using System.Buffers;

namespace RxChain.Ledger.Merkle;

/// <summary>The hash tree of RFC 6962, section 2.1, with SHA-256.</summary>
public static class Rfc6962
{
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;
    private const int StackLimitBytes = 2048;

    /// <summary>Root of the tree without leaves: SHA-256 of nothing.</summary>
    public static Hash32 EmptyRoot { get; } = Hash32.Sha256([]);

    /// <summary>SHA-256(0x00 || <paramref name="leaf"/>).</summary>
    public static Hash32 LeafHash(ReadOnlySpan<byte> leaf)
    {
        int length = leaf.Length + 1;
        if (length <= StackLimitBytes)
            return LeafHash(leaf, stackalloc byte[length]);
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        var hash = LeafHash(leaf, rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary>SHA-256(0x01 || <paramref name="left"/> || <paramref name="right"/>).</summary>
    public static Hash32 NodeHash(in Hash32 left, in Hash32 right)
    {
        Span<byte> buffer = stackalloc byte[1 + 2 * Hash32.SizeBytes];
        buffer[0] = NodePrefix;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + Hash32.SizeBytes)..]);
        return Hash32.Sha256(buffer);
    }

    private static Hash32 LeafHash(ReadOnlySpan<byte> leaf, Span<byte> buffer)
    {
        buffer[0] = LeafPrefix;
        leaf.CopyTo(buffer[1..]);
        return Hash32.Sha256(buffer);
    }
}
