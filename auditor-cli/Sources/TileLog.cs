using RxChain.Auditor.Findings;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Sources;

/// <summary>A log in the layout of C2SP tlog-tiles, wherever its files are.</summary>
internal abstract class TileLog(string name) : ILogSource
{
    // 256 entries of 65,535 bytes, each behind its length.
    private const int MaxBundleBytes = TileId.FullWidth * (2 + EntryBundle.MaxEntryBytes);

    private long _size;

    public string Name => name;

    public bool HasHashTiles => true;

    public IReadOnlyList<string> NotChecked => [];

    /// <summary>The bytes under a path, at most <paramref name="maxBytes"/>; null bytes and no problem when there is no such file.</summary>
    protected abstract (byte[]? Bytes, Finding? Problem) Fetch(string path, int maxBytes);

    /// <summary>How a path is shown.</summary>
    protected abstract string Show(string path);

    public SourceRead ReadCheckpoint()
    {
        var (bytes, problem) = Fetch("checkpoint", SignedNote.MaxBytes);
        return new SourceRead(bytes, Show("checkpoint"), problem ?? (bytes is null ? Missing("checkpoint") : null));
    }

    public SourceRead ReadHashTile(TileId tile)
    {
        var found = FetchTile(tile, TileId.FullWidth * Hash32.SizeBytes, out var fetched);
        if (found.Problem is not null)
            return found;
        return found.Bytes.Length == fetched.Width * Hash32.SizeBytes
            ? found with { Bytes = found.Bytes[..(tile.Width * Hash32.SizeBytes)] }
            : found with { Problem = Finding.Tampered("hash-tile", $"not {fetched.Width} hashes: truncated or altered", file: found.Where) };
    }

    public IEnumerable<LeafRun> ReadLeaves(long size)
    {
        _size = size;
        foreach (var tile in HashTiles.EntriesForSize(size))
        {
            var run = ReadBundle(tile);
            yield return run;
            if (run.Problem is not null)
                yield break;
        }
    }

    public long CountLeavesAfter(long size) => 0;

    public string FileOf(long leaf)
    {
        long index = leaf / TileId.FullWidth;
        return Show(TileId.Entries(index, HashTiles.WidthAt(_size, 0, index)).ToString());
    }

    public virtual void Dispose()
    {
    }

    private LeafRun ReadBundle(TileId tile)
    {
        long first = tile.Index * TileId.FullWidth;
        var found = FetchTile(tile, MaxBundleBytes, out var fetched);
        if (found.Problem is not null)
            return new LeafRun(first, [], found.Problem);
        if (EntryBundle.TryParse(found.Bytes, fetched.Width, out var entries))
            return new LeafRun(first, entries[..tile.Width], null);
        return new LeafRun(first, [], Finding.Tampered(
            "grammar", $"not a bundle of exactly {fetched.Width} entries: truncated or altered", first, file: found.Where));
    }

    // A full tile serves where a partial one is gone (tlog-tiles, "Partial Tiles").
    private SourceRead FetchTile(TileId tile, int maxBytes, out TileId fetched)
    {
        fetched = tile;
        var (bytes, problem) = Fetch(tile.ToString(), maxBytes);
        if (bytes is null && problem is null && tile.IsPartial)
        {
            fetched = tile.Full;
            (bytes, problem) = Fetch(fetched.ToString(), maxBytes);
        }
        return new SourceRead(bytes, Show(fetched.ToString()), problem ?? (bytes is null ? Missing(tile.ToString()) : null));
    }

    private Finding Missing(string path) => Finding.CannotEvaluate("missing", "there is no such file", file: Show(path));
}
