using System.Runtime.InteropServices;
using RxChain.Auditor.Findings;
using RxChain.Ledger;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Audit;

/// <summary>
/// Computes the tree and all its hash tiles while leaf hashes pass by, each node hashed once, in the memory of one tile
/// a level. <paramref name="onTile"/> is told each tile when it is complete.
/// </summary>
internal sealed class HashTileStream(Func<TileId, ReadOnlyMemory<byte>, Finding?> onTile)
{
    private readonly MerkleFrontier _tree = new();
    private readonly Dictionary<int, Hash32[]> _open = [];

    /// <summary>Leaves so far.</summary>
    public long Size => _tree.Size;

    /// <summary>Root over them.</summary>
    public Hash32 Root => _tree.Root;

    /// <summary>Takes the next leaf hash.</summary>
    public Finding? Append(in Hash32 leafHash)
    {
        Span<Hash32> completed = stackalloc Hash32[64];
        int count = _tree.Append(leafHash, completed);
        Finding? finding = null;
        for (int level = 0; level * TileId.Height < count; level++)
            finding ??= Store(level, completed[level * TileId.Height]);
        return finding;
    }

    /// <summary>Tells the partial tiles at the log's end.</summary>
    public Finding? Finish()
    {
        Finding? finding = null;
        foreach (int level in _open.Keys.Order())
        {
            long index = (Size >> (TileId.Height * level)) / TileId.FullWidth;
            int width = HashTiles.WidthAt(Size, level, index);
            if (width > 0)
                finding ??= Tell(TileId.Hashes(level, index, width));
        }
        return finding;
    }

    private Finding? Store(int level, in Hash32 hash)
    {
        if (!_open.TryGetValue(level, out var hashes))
            _open[level] = hashes = new Hash32[TileId.FullWidth];
        long index = (Size - 1) >> (TileId.Height * level);
        hashes[index % TileId.FullWidth] = hash;
        return index % TileId.FullWidth == TileId.FullWidth - 1 ? Tell(TileId.Hashes(level, index / TileId.FullWidth)) : null;
    }

    private Finding? Tell(TileId tile) => onTile(tile, MemoryMarshal.AsBytes(_open[tile.Level].AsSpan(0, tile.Width)).ToArray());
}
