using RxChain.Ledger;
using RxChain.Ledger.Tlog;

namespace RxChain.Storage;

/// <summary>Leaf index and hash tiles together: a cache of the log, mended from it at each start.</summary>
internal sealed class DerivedFiles : IDisposable
{
    public DerivedFiles(IDisk disk, LogPaths paths)
    {
        disk.CreateDirectory(paths.Tiles);
        Index = new LeafIndex(disk, paths.Index);
        Tiles = new TileFiles(disk, paths.Tiles);
        Nodes = new TileNodes(Tiles);
        disk.SyncDirectory(paths.Tiles);
    }

    public LeafIndex Index { get; }

    public TileFiles Tiles { get; }

    public TileNodes Nodes { get; }

    /// <summary>
    /// Given right leaf hashes, mends all levels above them, cuts every file to the log's size, and flushes when anything
    /// changed: else old entries could come back after a power loss and bear false witness. True when something was wrong.
    /// </summary>
    public bool Finish(long size, bool leavesChanged)
    {
        bool changed = leavesChanged;
        for (int level = 0; level < TileFiles.Levels - 1; level++)
            changed |= MendAbove(level, TileFiles.CountAt(level + 1, size));
        changed |= Cut(Index.File, size * IndexEntry.SizeBytes);
        for (int level = 0; level < TileFiles.Levels; level++)
            changed |= Cut(Tiles.File(level), TileFiles.CountAt(level, size) * Hash32.SizeBytes);
        if (changed)
            Flush();
        Tiles.LoadOpenTiles(size);
        return changed;
    }

    public void Dispose()
    {
        Index.Dispose();
        Tiles.Dispose();
    }

    private bool MendAbove(int level, long count)
    {
        long batches = (count + TileId.FullWidth - 1) / TileId.FullWidth;
        int changed = 0;
        Parallel.For(0, batches, LogRecovery.Parallelism, batch =>
        {
            long first = batch * TileId.FullWidth;
            if (MendTile(level, first, (int)Math.Min(TileId.FullWidth, count - first)))
                Interlocked.Exchange(ref changed, 1);
        });
        return changed != 0;
    }

    // Compares one tile of the level above with the tiles below it.
    private bool MendTile(int level, long first, int width)
    {
        var below = new Hash32[TileId.FullWidth];
        Span<Hash32> expected = new Hash32[width], stored = new Hash32[width];
        for (int i = 0; i < width; i++)
        {
            if (!Tiles.TryRead(level, (first + i) * TileId.FullWidth, below))
                throw new IOException($"Hash tiles of level {level} cannot be read.");
            expected[i] = HashTiles.SubtreeRoot(below);
        }
        if (Tiles.TryRead(level + 1, first, stored) && stored.SequenceEqual(expected))
            return false;
        Tiles.Write(level + 1, first, expected);
        return true;
    }

    private static bool Cut(IDiskFile file, long lengthBytes)
    {
        if (file.Length == lengthBytes)
            return false;
        file.SetLength(lengthBytes);
        return true;
    }

    private void Flush()
    {
        Index.File.Flush();
        for (int level = 0; level < TileFiles.Levels; level++)
            Tiles.File(level).Flush();
    }
}
