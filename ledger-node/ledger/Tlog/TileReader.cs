namespace RxChain.Ledger.Tlog;

/// <summary>Gets a tile's bytes from a directory, a server or a store; false when it is not there. Nothing of it is trusted.</summary>
public delegate bool TileSource(TileId tile, out ReadOnlyMemory<byte> bytes);

/// <summary>
/// Reads tree nodes out of the hash tiles of a log of one size, believing the source: for a log that proves from its own
/// tiles. <see cref="ReadNode"/> is a <see cref="Merkle.MerkleNodeReader"/>. Remembers tiles; not thread-safe.
/// </summary>
public sealed class TileReader
{
    private const int MaxRemembered = 64;

    private readonly TileSource _source;
    private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> _remembered = [];

    /// <summary>A reader over the tiles of a log with <paramref name="size"/> leaves.</summary>
    public TileReader(long size, TileSource source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(source);
        Size = size;
        _source = source;
    }

    internal delegate bool HashTileSource(int level, long index, out ReadOnlyMemory<byte> hashes);

    /// <summary>Leaves of the tree that the tiles belong to.</summary>
    public long Size { get; }

    /// <summary>The root of the full subtree (level, index); false outside the tree, or when its tile is missing or malformed.</summary>
    public bool ReadNode(int level, long index, out Hash32 hash) => TryReadNode(
        Size, level, index, (int l, long i, out ReadOnlyMemory<byte> hashes) => ReadTile(l, i, out hashes) == null, out hash);

    /// <summary>The hashes of tile (level, index) at this size, or why not; a full tile serves where a partial one is gone.</summary>
    public TileFault? ReadTile(int level, long index, out ReadOnlyMemory<byte> hashes)
    {
        if (_remembered.TryGetValue((level, index), out hashes))
            return null;
        int width = HashTiles.WidthAt(Size, level, index);
        if (width == 0)
            return new TileFault(TileFaultKind.OutsideTree, null);
        var tile = TileId.Hashes(level, index, width);
        if (!TryFetch(_source, tile, out hashes, out var found))
            return new TileFault(TileFaultKind.Missing, tile);
        if (hashes.Length != found.Width * Hash32.SizeBytes)
            return new TileFault(TileFaultKind.Malformed, found);
        hashes = hashes[..(width * Hash32.SizeBytes)];
        if (_remembered.Count == MaxRemembered)
            _remembered.Clear();
        _remembered[(level, index)] = hashes;
        return null;
    }

    internal static bool TryReadNode(long size, int level, long index, HashTileSource tiles, out Hash32 hash)
    {
        hash = default;
        if (level is < 0 or > 62 || index < 0 || index >= size >> level)
            return false;
        int height = level % TileId.Height;
        long first = index << height;
        if (!tiles(level / TileId.Height, first / TileId.FullWidth, out var tile))
            return false;
        int offset = (int)(first % TileId.FullWidth);
        hash = HashTiles.SubtreeRoot(HashTiles.AsHashes(tile.Span).Slice(offset, 1 << height));
        return true;
    }

    // The tile, or else the full one in its place; `found` says which.
    internal static bool TryFetch(TileSource source, TileId tile, out ReadOnlyMemory<byte> bytes, out TileId found)
    {
        found = tile;
        if (source(tile, out bytes))
            return true;
        found = tile.Full;
        return tile.IsPartial && source(found, out bytes);
    }
}
