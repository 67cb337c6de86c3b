using System.Text;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Tests.Tlog;

/// <summary>A small log with its key and cosigners, all from fixed seeds.</summary>
internal sealed class TestLog
{
    public const string Origin = "rx.example/network";

    public LogSigner Signer { get; } = new(Origin, Key(0));

    public static Ed25519PrivateKey Key(byte seed) => new([.. Enumerable.Repeat(seed, 32)]);

    public static Cosigner Cosigner(int number) => new($"w{number}.example", Key((byte)number));

    public static Cosigner[] Cosigners(int count) => [.. Enumerable.Range(1, count).Select(Cosigner)];

    public static byte[] Entry(int index) => Encoding.UTF8.GetBytes($"entry {index}");

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public SignedCheckpoint Sign(Checkpoint checkpoint, params Cosigner[] cosigners) => new(
        checkpoint, [Signer.Sign(checkpoint.ToString()), .. cosigners.Select(one => one.Sign(checkpoint, 1_700_000_000))]);

    public static SignedCheckpoint Parse(string text)
    {
        Assert.True(SignedCheckpoint.TryParse(Utf8(text), out var checkpoint, out string? error), error);
        return checkpoint;
    }

    public static VerifierKey VKey(string text)
    {
        Assert.True(VerifierKey.TryParse(text, out var key, out string? error), error);
        return key;
    }

    /// <summary>Every tile of a log of this size, by path.</summary>
    public static Dictionary<string, byte[]> Tiles(int size)
    {
        var tiles = new Dictionary<string, byte[]>();
        var levels = new List<List<Hash32>>();
        var frontier = new MerkleFrontier();
        var completed = new Hash32[64];
        for (int i = 0; i < size; i++)
        {
            int count = frontier.Append(Rfc6962.LeafHash(Entry(i)), completed);
            for (int level = 0; level < count; level += TileId.Height)
            {
                if (levels.Count == level / TileId.Height)
                    levels.Add([]);
                levels[level / TileId.Height].Add(completed[level]);
            }
        }
        foreach (var tile in HashTiles.ForSize(size))
            tiles[tile.ToString()] = [.. levels[tile.Level].Skip((int)tile.Index * 256).Take(tile.Width).SelectMany(hash => hash.ToArray())];
        foreach (var tile in HashTiles.EntriesForSize(size))
        {
            var bundle = new System.Buffers.ArrayBufferWriter<byte>();
            for (int i = 0; i < tile.Width; i++)
                EntryBundle.Append(bundle, Entry((int)tile.Index * 256 + i));
            tiles[tile.ToString()] = bundle.WrittenSpan.ToArray();
        }
        return tiles;
    }

    public static Hash32 Root(int size)
    {
        var frontier = new MerkleFrontier();
        for (int i = 0; i < size; i++)
            frontier.Append(Rfc6962.LeafHash(Entry(i)));
        return frontier.Root;
    }

    public static TileSource Source(Dictionary<string, byte[]> tiles) => (TileId tile, out ReadOnlyMemory<byte> bytes) =>
    {
        bool found = tiles.TryGetValue(tile.ToString(), out byte[]? content);
        bytes = content;
        return found;
    };
}
