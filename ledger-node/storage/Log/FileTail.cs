using System.Buffers.Binary;

namespace RxChain.Storage;

/// <summary>Looks at what stands after the last whole block of a file.</summary>
internal static class FileTail
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>Offset after the last byte that is not zero in [from, to); <paramref name="from"/> when all are zero.</summary>
    public static long EndOfData(IDiskFile file, long from, long to)
    {
        byte[] chunk = new byte[ChunkBytes];
        for (long end = to; end > from;)
        {
            long start = Math.Max(from, end - chunk.Length);
            var bytes = chunk.AsSpan(0, (int)(end - start));
            int read = file.Read(start, bytes);
            int last = bytes[..read].LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                return start + last + 1;
            end = start;
        }
        return from;
    }

    /// <summary>
    /// The largest durable size that an intact block header anywhere in [from, to) states; 0 when there is none.
    /// An unflushed tail may hold whole blocks after a torn one, in any mixture; but each says what was durable when it was
    /// written, and nothing below that can have been torn.
    /// </summary>
    public static long LargestDurableClaim(IDiskFile file, long from, long to, ulong salt)
    {
        Span<byte> mark = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(mark, salt);
        byte[] chunk = new byte[ChunkBytes];
        long largest = 0;
        // Consecutive chunks overlap by one header less a byte, so that each header is whole in one of them.
        for (long start = from; start + BlockFormat.HeaderBytes <= to; start += ChunkBytes - (BlockFormat.HeaderBytes - 1))
        {
            ReadOnlySpan<byte> bytes = chunk.AsSpan(0, file.Read(start, chunk.AsSpan(0, (int)Math.Min(ChunkBytes, to - start))));
            for (int at = bytes.IndexOf(mark); at >= 0; at = bytes.IndexOf(mark))
            {
                if (BlockFormat.TryReadHeader(bytes[at..], salt, out var block))
                    largest = Math.Max(largest, block.DurableSize);
                bytes = bytes[(at + 1)..];
            }
        }
        return largest;
    }

    /// <summary>
    /// Writes all blocks once more that end after <paramref name="durableSize"/>, and flushes. After a failed flush and a
    /// new start the cache may hold bytes that the system believes to be on the disk: only written bytes are flushed.
    /// </summary>
    public static void WriteAgain(IDiskFile file, BlockScanner blocks, long durableSize)
    {
        while (blocks.MoveNext())
        {
            if (blocks.NextIndex > durableSize)
                file.Write(blocks.BlockOffset, blocks.BlockBytes);
        }
        file.Flush();
    }

    /// <summary>Overwrites [from, to) by zeros and makes that durable.</summary>
    public static void Erase(IDiskFile file, long from, long to)
    {
        byte[] zeros = new byte[ChunkBytes];
        for (long at = from; at < to; at += zeros.Length)
            file.Write(at, zeros.AsSpan(0, (int)Math.Min(zeros.Length, to - at)));
        file.Flush();
    }
}
