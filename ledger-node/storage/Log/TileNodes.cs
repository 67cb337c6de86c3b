using RxChain.Ledger;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Storage;

/// <summary>
/// The nodes within hash tiles: a tile read once answers for all proofs through it, else a proof costs some hundred hashes.
/// Holds at most 128 tiles of each level, 2 MiB. Thread-safe without locks: what it holds never changes.
/// </summary>
internal sealed class TileNodes(TileFiles tiles)
{
    private const int Slots = 128;

    private readonly Tile?[][] _slots = [.. Enumerable.Range(0, TileFiles.Levels).Select(_ => new Tile?[Slots])];

    /// <summary>Root of the full subtree over leaves [index * 2^level, (index + 1) * 2^level) of a log of at least so many leaves.</summary>
    public bool TryRead(int level, long index, long size, out Hash32 hash)
    {
        int tileLevel = level / TileId.Height, height = level % TileId.Height;
        long tileIndex = index >> (TileId.Height - height);
        int place = (int)(index - (tileIndex << (TileId.Height - height)));
        ref var slot = ref _slots[tileLevel][tileIndex % Slots];
        var tile = Volatile.Read(ref slot);
        if (tile is null || tile.Index != tileIndex || tile.Width < (place + 1) << height)
        {
            tile = Tile.TryExpand(tiles, tileLevel, tileIndex, size);
            if (tile is not null)
                Volatile.Write(ref slot, tile);
        }
        hash = tile is null ? default : tile.Node(height, place);
        return tile is not null;
    }

    // A tile, full or not yet, with all nodes above its hashes: height h stands from 512 - (512 >> h) on.
    private sealed class Tile(long index, int width, Hash32[] nodes)
    {
        public long Index { get; } = index;
        public int Width { get; } = width;

        public Hash32 Node(int height, int place) => nodes[Start(height) + place];

        public static Tile? TryExpand(TileFiles tiles, int level, long index, long size)
        {
            int width = HashTiles.WidthAt(size, level, index);
            var nodes = new Hash32[Start(TileId.Height)];
            if (!tiles.TryRead(level, index * TileId.FullWidth, nodes.AsSpan(0, width)))
                return null;
            for (int height = 1; height < TileId.Height; height++)
            {
                int below = Start(height - 1), start = Start(height);
                for (int i = 0; i < width >> height; i++)
                    nodes[start + i] = Rfc6962.NodeHash(nodes[below + 2 * i], nodes[below + 2 * i + 1]);
            }
            return new Tile(index, width, nodes);
        }

        private static int Start(int height) => 2 * TileId.FullWidth - (2 * TileId.FullWidth >> height);
    }
}
