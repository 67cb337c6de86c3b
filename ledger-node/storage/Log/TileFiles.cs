using System.Globalization;
using System.Runtime.InteropServices;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;

namespace RxChain.Storage;

/// <summary>
/// The hash tiles, one file a level: file L holds the roots of all full subtrees of 256^L leaves, 32 bytes each, in order.
/// Derived from the log: not flushed while the log runs, checked and mended when it is opened.
/// </summary>
internal sealed class TileFiles : IDisposable
{
    public const int Levels = 8;

    private readonly IDiskFile[] _files;
    private readonly Hash32[][] _open = [.. Enumerable.Range(0, Levels).Select(_ => new Hash32[TileId.FullWidth])];

    public TileFiles(IDisk disk, string directory) =>
        _files = [.. Enumerable.Range(0, Levels).Select(level =>
            disk.OpenOrCreate(Path.Combine(directory, level.ToString(CultureInfo.InvariantCulture))))];

    /// <summary>The file of a level.</summary>
    public IDiskFile File(int level) => _files[level];

    /// <summary>Entries that level <paramref name="level"/> has in a log of this size.</summary>
    public static long CountAt(int level, long size) => size >> (TileId.Height * level);

    /// <summary>Reads the hashes that start at <paramref name="index"/> of a tile level; false when some are missing.</summary>
    public bool TryRead(int level, long index, Span<Hash32> hashes)
    {
        var bytes = MemoryMarshal.AsBytes(hashes);
        return _files[level].Read(index * Hash32.SizeBytes, bytes) == bytes.Length;
    }

    public void Write(int level, long index, ReadOnlySpan<Hash32> hashes) =>
        _files[level].Write(index * Hash32.SizeBytes, MemoryMarshal.AsBytes(hashes));

    /// <summary>Reads the open tile of each level, so that appending reads nothing.</summary>
    public void LoadOpenTiles(long size)
    {
        for (int level = 0; level < Levels; level++)
        {
            long count = CountAt(level, size);
            int width = (int)(count % TileId.FullWidth);
            if (!TryRead(level, count - width, _open[level].AsSpan(0, width)))
                throw new IOException($"Hash tiles of level {level} end before {count} hashes.");
        }
    }

    /// <summary>Appends leaf hashes to a log of this size, and the roots of the tiles that they fill.</summary>
    public void Append(long size, ReadOnlySpan<Hash32> leafHashes)
    {
        Write(0, size, leafHashes);
        for (int i = 0; i < leafHashes.Length; i++)
            Complete(0, size + i, leafHashes[i]);
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    // `hash` is entry `index` of `level`; fills the tile above when it closes this one.
    private void Complete(int level, long index, in Hash32 hash)
    {
        int place = (int)(index % TileId.FullWidth);
        _open[level][place] = hash;
        if (place < TileId.FullWidth - 1 || level == Levels - 1)
            return;
        var root = HashTiles.SubtreeRoot(_open[level]);
        long above = index / TileId.FullWidth;
        Write(level + 1, above, [root]);
        Complete(level + 1, above, root);
    }
}
