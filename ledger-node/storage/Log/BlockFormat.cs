using System.Buffers.Binary;

namespace RxChain.Storage;

/// <summary>What stands before the records of a block.</summary>
/// <param name="BodyBytes">Length of the records.</param>
/// <param name="Count">Number of records.</param>
/// <param name="FirstIndex">Index of the first of them.</param>
/// <param name="DurableSize">Records that were durable when the block was written: damage below is never a torn tail.</param>
internal readonly record struct BlockHeader(int BodyBytes, int Count, long FirstIndex, long DurableSize);

/// <summary>
/// A block as it stands in a file, all integers big-endian:
/// <c>salt u64 | body bytes u32 | count u32 | first index i64 | durable size i64 | CRC-32C u32</c>, then <c>count</c> records
/// <c>length u32 | CRC-32C u32 | bytes</c>. A record's checksum covers its index (i64), its length and its bytes.
/// </summary>
internal static class BlockFormat
{
    public const int HeaderBytes = 36;
    public const int RecordHeaderBytes = 8;

    /// <summary>Longest body that is written or read: far more than a batch of 64 KiB and its seal.</summary>
    public const int MaxBodyBytes = 8 << 20;

    private const int CrcOffset = 32;

    /// <summary>Length of a block of these records.</summary>
    public static long SizeOf(IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        long size = HeaderBytes;
        for (int i = 0; i < records.Count; i++)
            size += RecordHeaderBytes + records[i].Length;
        return size;
    }

    /// <summary>Writes a whole block of exactly the destination's length.</summary>
    public static void Write(
        Span<byte> destination, ulong salt, long firstIndex, long durableSize, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, salt);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], destination.Length - HeaderBytes);
        BinaryPrimitives.WriteInt32BigEndian(destination[12..], records.Count);
        BinaryPrimitives.WriteInt64BigEndian(destination[16..], firstIndex);
        BinaryPrimitives.WriteInt64BigEndian(destination[24..], durableSize);
        BinaryPrimitives.WriteUInt32BigEndian(destination[CrcOffset..], Crc32C.Of(destination[..CrcOffset]));
        var rest = destination[HeaderBytes..];
        for (int i = 0; i < records.Count; i++)
        {
            var record = records[i].Span;
            BinaryPrimitives.WriteInt32BigEndian(rest, record.Length);
            BinaryPrimitives.WriteUInt32BigEndian(rest[4..], Checksum(firstIndex + i, record));
            record.CopyTo(rest[RecordHeaderBytes..]);
            rest = rest[(RecordHeaderBytes + record.Length)..];
        }
    }

    /// <summary>Reads a block's header; false when it is none of a file with this salt.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, ulong salt, out BlockHeader header)
    {
        header = default;
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt64BigEndian(bytes) != salt
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcOffset..]) != Crc32C.Of(bytes[..CrcOffset]))
            return false;
        header = new BlockHeader(
            BinaryPrimitives.ReadInt32BigEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[24..]));
        return header.Count > 0 && header.BodyBytes <= MaxBodyBytes
            && header.BodyBytes >= (long)header.Count * RecordHeaderBytes;
    }

    /// <summary>Reads the record that starts <paramref name="bytes"/>; false when it is cut off or its checksum differs.</summary>
    public static bool TryReadRecord(ReadOnlySpan<byte> bytes, long index, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (bytes.Length < RecordHeaderBytes)
            return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (length > bytes.Length - RecordHeaderBytes)
            return false;
        record = bytes.Slice(RecordHeaderBytes, (int)length);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) == Checksum(index, record);
    }

    private static uint Checksum(long index, ReadOnlySpan<byte> record)
    {
        Span<byte> place = stackalloc byte[12];
        BinaryPrimitives.WriteInt64BigEndian(place, index);
        BinaryPrimitives.WriteInt32BigEndian(place[8..], record.Length);
        return Crc32C.Of(place, record);
    }
}
