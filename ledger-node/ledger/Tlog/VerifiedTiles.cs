using System.Diagnostics.CodeAnalysis;
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

    // The partial tile of each level, vouched for by the root; every other tile hangs below one of them.
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
        [NotNullWhen(false)] out TileFault? fault)
    {
        var opened = new VerifiedTiles(size, source);
        fault = opened.LoadEdge();
        if (fault == null && opened.EdgeRoot() != root)
            fault = new TileFault(TileFaultKind.WrongHash, null);
        tiles = fault == null ? opened : null;
        return fault == null;
    }

    /// <summary>The root of the full subtree (level, index); false outside the tree, or when a tile is missing or does not verify.</summary>
    public bool ReadNode(int level, long index, out Hash32 hash) => TileReader.TryReadNode(
        Size, level, index, (int l, long i, out ReadOnlyMemory<byte> hashes) => ReadTile(l, i, out hashes) == null, out hash);

    /// <summary>The verified hashes of tile (level, index), or why not.</summary>
    public TileFault? ReadTile(int level, long index, out ReadOnlyMemory<byte> hashes)
    {
        if (_verified.TryGetValue((level, index), out hashes))
            return null;
        if (HashTiles.WidthAt(Size, level, index) is > 0 and < TileId.FullWidth)
        {
            hashes = _edge[level];
            return null;
        }
        if (_reader.ReadTile(level, index, out hashes) is { } fault)
            return fault;
        if (ReadTile(level + 1, index / TileId.FullWidth, out var parent) is { } parentFault)
            return parentFault;
        var expected = HashTiles.AsHashes(parent.Span)[(int)(index % TileId.FullWidth)];
        if (HashTiles.SubtreeRoot(HashTiles.AsHashes(hashes.Span)) != expected)
            return new TileFault(TileFaultKind.WrongHash, TileId.Hashes(level, index));
        if (_verified.Count == MaxRemembered)
            _verified.Clear();
        _verified[(level, index)] = hashes;
        return null;
    }

    /// <summary>The entries of bundle <paramref name="index"/>, each checked against its leaf hash, or why not.</summary>
    public bool TryReadEntries(
        long index, [NotNullWhen(true)] out ReadOnlyMemory<byte>[]? entries, [NotNullWhen(false)] out TileFault? fault)
    {
        entries = null;
        fault = ReadTile(0, index, out var leaves);
        if (fault != null)
            return false;
        int width = HashTiles.WidthAt(Size, 0, index);
        if (!TileReader.TryFetch(_source, TileId.Entries(index, width), out var bytes, out var tile))
            fault = new TileFault(TileFaultKind.Missing, TileId.Entries(index, width));
        else if (!EntryBundle.TryParse(bytes, tile.Width, out var bundle))
            fault = new TileFault(TileFaultKind.Malformed, tile);
        else
        {
            entries = bundle[..width];
            int wrong = FirstWrong(entries, HashTiles.AsHashes(leaves.Span));
            if (wrong >= 0)
                fault = new TileFault(TileFaultKind.WrongHash, tile, index * TileId.FullWidth + wrong);
        }
        return fault == null;
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

    private TileFault? LoadEdge()
    {
        for (int level = 0; level < HashTiles.Levels; level++)
        {
            long index = (Size >> (TileId.Height * level)) / TileId.FullWidth;
            if (HashTiles.WidthAt(Size, level, index) == 0)
                continue;
            if (_reader.ReadTile(level, index, out var hashes) is { } fault)
                return fault;
            _edge[level] = hashes;
        }
        return null;
    }

    // The maximal full subtrees, one for each set bit of the size, all lie in the edge; hash them right to left.
    private Hash32 EdgeRoot()
    {
        Hash32? root = null;
        for (int level = 0; level < 63; level++)
        {
            if ((Size >> level & 1) == 1 && ReadNode(level, (Size >> level) - 1, out var node))
                root = root is { } right ? Rfc6962.NodeHash(node, right) : node;
        }
        return root ?? Rfc6962.EmptyRoot;
    }
}
