using System.Buffers.Binary;
using System.Security.Cryptography;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>
/// The first 4,096 bytes of a segment file, all integers big-endian:
/// <c>"RXLOG001" | salt u64 | first leaf i64 | capacity i64 | ordinal u32 | leaf hash before the first (32) | CRC-32C u32</c>, then zeros.
/// It has a page of its own, so that no torn write of a block can reach it.
/// </summary>
/// <param name="Ordinal">Place of the segment: 0, 1, 2 …; also its file name.</param>
/// <param name="FirstIndex">Index of its first leaf.</param>
/// <param name="CapacityBytes">Length of the file.</param>
/// <param name="Salt">Random; opens every block of this segment, so that no leaf's content can pass for a block.</param>
/// <param name="PreviousLeaf">Hash of the leaf before the first: the seal that ends the segment before; zero in segment 0.</param>
internal readonly record struct SegmentHeader(int Ordinal, long FirstIndex, long CapacityBytes, ulong Salt, Hash32 PreviousLeaf)
{
    /// <summary>Bytes before the first block.</summary>
    public const int SizeBytes = 4096;

    private const int CrcOffset = 68;

    private static ReadOnlySpan<byte> Magic => "RXLOG001"u8;

    /// <summary>A salt that nobody outside this node can know before it is written.</summary>
    public static ulong NewSalt() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>The header's bytes.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Salt);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), FirstIndex);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(24), CapacityBytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(32), Ordinal);
        PreviousLeaf.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcOffset), Crc32C.Of(bytes.AsSpan(0, CrcOffset)));
        return bytes;
    }

    /// <summary>Reads what <see cref="ToArray"/> wrote; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length != SizeBytes || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcOffset..]) != Crc32C.Of(bytes[..CrcOffset])
            || bytes[(CrcOffset + 4)..].ContainsAnyExcept((byte)0))
            return false;
        header = new SegmentHeader(
            BinaryPrimitives.ReadInt32BigEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            new Hash32(bytes.Slice(36, Hash32.SizeBytes)));
        return true;
    }
}
