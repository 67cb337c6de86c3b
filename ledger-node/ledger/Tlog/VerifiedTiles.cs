using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using RxChain.Ledger.Merkle;

namespace RxChain.Ledger.Tlog;

/// <summary>
/// Reads tiles and entries of a log that nobody vouches for, against a checkpoint that the reader trusts. Opening checks
/// that the right edge of the tree hashes to the root; every further tile is checked against its parent, every entry
/// against its leaf hash. <see cref="ReadNode"/> is a <see cref="MerkleNodeReader"/>. Not thread-safe.
/// </summary>
public sealed class VerifiedTiles
{
    private const int MaxRemembered = 64;

    private readonly TileSource _source;
    private readonly TileReader _reader;
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _edge = [];
    private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> _verified = [];

    private VerifiedTiles(long size, TileSource source)
    {
        _source = source;
        _reader = new TileReader(size, source);
    }

    /// <summary>Leaves of the tree.</summary>
    public long Size => _reader.Size;

    /// <summary>Opens the log at a trusted size and root; refuses when the right edge is missing or hashes to another root.</summary>
    public static bool TryOpen(
        long size,
        in Hash32 root,
        TileSource source,
        [NotNullWhen(true)] out VerifiedTiles? tiles,
        [NotNullWhen(false)] out string? error)
    {
        var opened = new VerifiedTiles(size, source);
        tiles = null;
        error = opened.LoadEdge();
        if (error == null && opened.EdgeRoot() != root)
            error = $"the tiles of size {size} do not hash to the root";
        if (error == null)
            tiles = opened;
        return error == null;
    }

    /// <summary>The root of the full subtree (level, index); false outside the tree, or when a tile is missing or does not verify.</summary>
    public bool ReadNode(int level, long index, out Hash32 hash) => TileReader.TryReadNode(Size, level, index, TryReadTile, out hash);

    /// <summary>The verified hashes of tile (level, index).</summary>
    public bool TryReadTile(int level, long index, out ReadOnlyMemory<byte> hashes)
    {
        hashes = default;
        int width = HashTiles.WidthAt(Size, level, index);
        if (width == 0)
            return false;
        if (width < TileId.FullWidth)
            return _edge.TryGetValue(level, out hashes);
        if (_verified.TryGetValue((level, index), out hashes))
            return true;
        if (!_reader.TryReadTile(level, index, out hashes) || !TryReadTile(level + 1, index / TileId.FullWidth, out var parent))
            return false;
        var expected = HashTiles.AsHashes(parent.Span)[(int)(index % TileId.FullWidth)];
        if (HashTiles.SubtreeRoot(HashTiles.AsHashes(hashes.Span)) != expected)
            return false;
        if (_verified.Count == MaxRemembered)
            _verified.Clear();
        _verified[(level, index)] = hashes;
        return true;
    }

    /// <summary>The entries of bundle <paramref name="index"/>, each checked against its leaf hash; says which entry differs.</summary>
    public bool TryReadEntries(
        long index, [NotNullWhen(true)] out ReadOnlyMemory<byte>[]? entries, [NotNullWhen(false)] out string? error)
    {
        entries = null;
        error = null;
        int width = HashTiles.WidthAt(Size, 0, index);
        if (!TryReadTile(0, index, out var leaves))
            error = $"hash tile {index} of level 0 is missing or wrong";
        else if (!TryFetchEntries(index, width, out var bundle))
            error = $"entry bundle {index} is missing or malformed";
        else
        {
            int wrong = FirstWrong(bundle, HashTiles.AsHashes(leaves.Span));
            entries = wrong < 0 ? bundle : null;
            error = wrong < 0 ? null : $"entry {index * TileId.FullWidth + wrong} is not what the tree says";
        }
        return error == null;
    }

    private bool TryFetchEntries(long index, int width, [NotNullWhen(true)] out ReadOnlyMemory<byte>[]? entries)
    {
        var tile = TileId.Entries(index, width);
        entries = null;
        if (_source(tile, out var bytes))
            return EntryBundle.TryParse(bytes, width, out entries);
        if (!tile.IsPartial || !_source(tile.Full, out bytes) || !EntryBundle.TryParse(bytes, TileId.FullWidth, out entries))
            return false;
        entries = entries[..width];
        return true;
    }

    private static int FirstWrong(ReadOnlyMemory<byte>[] entries, ReadOnlySpan<Hash32> leaves)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            if (Rfc6962.LeafHash(entries[i].Span) != leaves[i])
                return i;
        }
        return -1;
    }

    private string? LoadEdge()
    {
        for (int level = 0; level < HashTiles.Levels; level++)
        {
            long index = (Size >> (TileId.Height * level)) / TileId.FullWidth;
            if (HashTiles.WidthAt(Size, level, index) == 0)
                continue;
            if (!_reader.TryReadTile(level, index, out var hashes))
                return $"hash tile {index} of level {level} is missing or has a wrong length";
            _edge[level] = hashes;
        }
        return null;
    }

    // The maximal full subtrees lie in the partial tiles, one for each set bit of the size; hash them right to left.
    private Hash32 EdgeRoot()
    {
        Hash32? root = null;
        for (int level = 0; level < 63; level++)
        {
            if ((Size >> level & 1) == 0 || !ReadNode(level, (Size >> level) - 1, out var node))
                continue;
            root = root is { } right ? Rfc6962.NodeHash(node, right) : node;
        }
        return root ?? Rfc6962.EmptyRoot;
    }
}
