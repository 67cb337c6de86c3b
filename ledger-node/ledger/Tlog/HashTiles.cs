using System.Runtime.InteropServices;
using RxChain.Ledger.Merkle;

namespace RxChain.Ledger.Tlog;

/// <summary>Which tiles a log of a given size has (C2SP tlog-tiles, "Merkle Tree"), and arithmetic within one tile.</summary>
public static class HashTiles
{
    /// <summary>Tile levels that a tree of 2^63 - 1 leaves has.</summary>
    internal const int Levels = 8;

    /// <summary>All hash tiles of a tree of this size, level by level, the partial one last in each level.</summary>
    public static IEnumerable<TileId> ForSize(long size) => Added(0, size);

    /// <summary>The hash tiles that a tree of <paramref name="newSize"/> has and one of <paramref name="oldSize"/> has not.</summary>
    public static IEnumerable<TileId> Added(long oldSize, long newSize)
    {
        CheckGrowth(oldSize, newSize);
        return Enumerable.Range(0, Levels).SelectMany(level =>
            AddedAt(oldSize >> (TileId.Height * level), newSize >> (TileId.Height * level), (index, width) => TileId.Hashes(level, index, width)));
    }

    /// <summary>All entry bundles of a log of this size, the partial one last.</summary>
    public static IEnumerable<TileId> EntriesForSize(long size) => EntriesAdded(0, size);

    /// <summary>The entry bundles that a log of <paramref name="newSize"/> has and one of <paramref name="oldSize"/> has not.</summary>
    public static IEnumerable<TileId> EntriesAdded(long oldSize, long newSize)
    {
        CheckGrowth(oldSize, newSize);
        return AddedAt(oldSize, newSize, TileId.Entries);
    }

    /// <summary>Width that tile (level, index) has in a tree of this size; 0 when it does not exist.</summary>
    public static int WidthAt(long size, int level, long index)
    {
        if (size < 0 || level is < 0 or >= Levels || index < 0)
            return 0;
        long hashes = size >> (TileId.Height * level);
        long full = hashes / TileId.FullWidth;
        return index < full ? TileId.FullWidth : index == full ? (int)(hashes % TileId.FullWidth) : 0;
    }

    /// <summary>The hashes of a tile's bytes, in place.</summary>
    public static ReadOnlySpan<Hash32> AsHashes(ReadOnlySpan<byte> tile) => MemoryMarshal.Cast<byte, Hash32>(tile);

    /// <summary>RFC 6962 root of 2^k hashes, k from 0 to 8: a subtree within a tile.</summary>
    public static Hash32 SubtreeRoot(ReadOnlySpan<Hash32> hashes)
    {
        if (hashes.Length == 1)
            return hashes[0];
        int half = hashes.Length / 2;
        return Rfc6962.NodeHash(SubtreeRoot(hashes[..half]), SubtreeRoot(hashes[half..]));
    }

    private static IEnumerable<TileId> AddedAt(long oldCount, long newCount, Func<long, int, TileId> tile)
    {
        if (oldCount == newCount)
            yield break;
        for (long index = oldCount / TileId.FullWidth; index < newCount / TileId.FullWidth; index++)
            yield return tile(index, TileId.FullWidth);
        int partial = (int)(newCount % TileId.FullWidth);
        if (partial > 0)
            yield return tile(newCount / TileId.FullWidth, partial);
    }

    private static void CheckGrowth(long oldSize, long newSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(newSize, oldSize);
    }
}
