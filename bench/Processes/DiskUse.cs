namespace RxChain.Bench.Processes;

/// <summary>Bytes of a stopped node's data directory, by part. Segments are counted up to their last written byte.</summary>
internal sealed record DiskUse(long Log, long Tiles, long State, long Lookup)
{
    private const int ChunkBytes = 1 << 20;

    public long Total => Log + Tiles + State + Lookup;

    public static DiskUse Of(string data) => new(
        Directory.EnumerateFiles(Path.Combine(data, "log")).Sum(WrittenBytes),
        Directory.EnumerateFiles(Path.Combine(data, "tiles")).Sum(Length),
        Directory.EnumerateFiles(data, "state.db*").Sum(Length),
        Directory.EnumerateFiles(data, "lookup.db*").Sum(Length));

    private static long Length(string path) => new FileInfo(path).Length;

    private static long WrittenBytes(string path)
    {
        byte[] chunk = new byte[ChunkBytes];
        using var file = File.OpenHandle(path);
        for (long end = RandomAccess.GetLength(file); end > 0; end -= Math.Min(end, ChunkBytes))
        {
            long start = Math.Max(0, end - ChunkBytes);
            int read = RandomAccess.Read(file, chunk.AsSpan(0, (int)(end - start)), start);
            int last = chunk.AsSpan(0, read).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                return start + last + 1;
        }
        return 0;
    }
}
