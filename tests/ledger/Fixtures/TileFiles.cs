using System.Buffers;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Tests.Fixtures;

/// <summary>The files of a log as C2SP tlog-tiles names them.</summary>
internal static class TileFiles
{
    /// <summary>Every hash tile and entry bundle of these leaves, by path.</summary>
    public static SortedDictionary<string, byte[]> Of(IReadOnlyList<byte[]> leaves)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var level = leaves.Select(leaf => Rfc6962.LeafHash(leaf)).ToArray();
        foreach (var tile in HashTiles.ForSize(leaves.Count).GroupBy(tile => tile.Level))
        {
            foreach (var one in tile)
                files[one.ToString()] = [.. Slice(level, one).SelectMany(hash => hash.ToArray())];
            level = [.. level.Chunk(TileId.FullWidth).Where(c => c.Length == TileId.FullWidth).Select(c => HashTiles.SubtreeRoot(c))];
        }
        foreach (var tile in HashTiles.EntriesForSize(leaves.Count))
        {
            var bundle = new ArrayBufferWriter<byte>();
            foreach (byte[] leaf in Slice(leaves, tile))
                EntryBundle.Append(bundle, leaf);
            files[tile.ToString()] = bundle.WrittenSpan.ToArray();
        }
        return files;
    }

    public static TileSource Source(SortedDictionary<string, byte[]> files) => (TileId tile, out ReadOnlyMemory<byte> bytes) =>
    {
        bool found = files.TryGetValue(tile.ToString(), out byte[]? content);
        bytes = content;
        return found;
    };

    private static IEnumerable<T> Slice<T>(IEnumerable<T> all, TileId tile) =>
        all.Skip((int)tile.Index * TileId.FullWidth).Take(tile.Width);
}
