using System.Buffers;
using System.Text;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Tlog;

public class TileTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("tile/0/000", 0, 0, 256)]
    [InlineData("tile/0/x001/x234/067", 0, 1234067, 256)]
    [InlineData("tile/entries/x001/x234/067.p/255", -1, 1234067, 255)]
    [InlineData("tile/entries/000.p/15", -1, 0, 15)]
    [InlineData("tile/63/999.p/1", 63, 999, 1)]
    [InlineData("tile/1/x001/000", 1, 1000, 256)]
    [InlineData("tile/0/x009/x223/x372/x036/x854/x775/807", 0, long.MaxValue, 256)]
    public void TryParse_Path_IsReadAndWrittenAlike(string path, int level, long index, int width)
    {
        Assert.True(TileId.TryParse(path, out var tile));
        Assert.Equal((level, index, width), (tile.Level, tile.Index, tile.Width));
        Assert.Equal(path, tile.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("tile")]
    [InlineData("tile/0")]
    [InlineData("tile/0/")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0/000/")]
    [InlineData("tile/64/000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/data/000")]
    [InlineData("tile/0/00")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/001/001")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/x001/x001")]
    [InlineData("tile/0/X001/001")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/")]
    [InlineData("tile/0/000.p")]
    [InlineData("tile/0/.p/1")]
    [InlineData("tile/0/x009/x223/x372/x036/x854/x775/808")]
    [InlineData("tile/0/x001/x000/x000/x000/x000/x000/x000/x000/x000/000")]
    [InlineData("tile/0/\u0661\u0661\u0661")]
    public void TryParse_AnyOtherPath_IsRefused(string path) => Assert.False(TileId.TryParse(path, out _));

    // The example of the specification's "Partial Tiles".
    [Fact]
    public void ForSize_SeventyThousand_IsTheSpecificationsExample()
    {
        var tiles = HashTiles.ForSize(70_000).ToList();
        Assert.Equal(273, tiles.Count(tile => tile is { Level: 0, IsPartial: false }));
        Assert.Equal(TileId.Hashes(0, 273, 112), tiles.Single(tile => tile is { Level: 0, IsPartial: true }));
        Assert.Equal([TileId.Hashes(1, 0), TileId.Hashes(1, 1, 17), TileId.Hashes(2, 0, 1)], tiles.Where(tile => tile.Level > 0));
        Assert.Equal([TileId.Hashes(0, 0), TileId.Hashes(1, 0, 1)], HashTiles.ForSize(256));
        Assert.Empty(HashTiles.ForSize(0));
        Assert.Equal([TileId.Entries(0), TileId.Entries(1, 44)], HashTiles.EntriesForSize(300));
    }

    [Fact]
    public void Added_AnyGrowth_IsTheDifference()
    {
        int[] sizes = [0, 1, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000];
        foreach (int old in sizes)
        {
            foreach (int size in sizes.Where(size => size >= old))
            {
                Assert.Equal(HashTiles.ForSize(size).Except(HashTiles.ForSize(old)), HashTiles.Added(old, size));
                Assert.Equal(HashTiles.EntriesForSize(size).Except(HashTiles.EntriesForSize(old)), HashTiles.EntriesAdded(old, size));
            }
        }
        Assert.All(HashTiles.ForSize(66_000), tile => Assert.Equal(tile.Width, HashTiles.WidthAt(66_000, tile.Level, tile.Index)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(700)]
    [InlineData(66_001)]
    public void VerifiedTiles_WholeLog_GivesTheSameNodesAsTheBelievingReader(int size)
    {
        var source = TestLog.Source(TestLog.Tiles(size));
        Assert.True(VerifiedTiles.TryOpen(size, TestLog.Root(size), source, out var tiles, out var fault), fault?.ToString());
        var reader = new TileReader(size, source);
        var random = new Random(size);
        for (int i = 0; i < 300; i++)
        {
            int level = random.Next(18);
            long index = random.Next(1 + (size >> level));
            Assert.Equal(index < size >> level, tiles.ReadNode(level, index, out var node));
            Assert.Equal(index < size >> level, reader.ReadNode(level, index, out var other));
            Assert.Equal(other, node);
        }
        Assert.False(tiles.ReadNode(-1, 0, out _));
        Assert.False(tiles.ReadNode(63, 0, out _));
        Assert.False(tiles.ReadNode(0, -1, out _));
        Assert.False(tiles.TryReadEntries((size + 255) / 256, out _, out _));
    }

    [Fact]
    public void VerifiedTiles_AnyChangedByte_IsFound()
    {
        const int size = 70_000;
        var tiles = TestLog.Tiles(size);
        var root = TestLog.Root(size);
        var random = new Random(1);
        foreach (string path in tiles.Keys.Where(path => path.Contains(".p/", StringComparison.Ordinal) || random.Next(20) == 0).ToList())
        {
            byte[] original = tiles[path];
            byte[] changed = [.. original];
            changed[^1] ^= 1;
            Assert.Equal(TileFaultKind.WrongHash, Fault(changed)?.Kind);
            Assert.Equal($"{path} is malformed", Fault(original[..^1])?.ToString());
            Assert.Equal($"{path} is malformed", Fault([.. original, 0])?.ToString());
            Assert.Equal($"{path} is missing", Fault(null)?.ToString());
            Assert.Null(Fault(original));

            TileFault? Fault(byte[]? content)
            {
                tiles.Remove(path);
                if (content != null)
                    tiles[path] = content;
                return ReadThrough(size, root, tiles, path);
            }
        }
    }

    [Fact]
    public void VerifiedTiles_PartialTileGone_FallsBackToTheFullOne()
    {
        var tiles = TestLog.Tiles(512);
        Assert.False(VerifiedTiles.TryOpen(300, TestLog.Root(300), TestLog.Source(tiles), out _, out var fault));
        Assert.Equal("tile/1/000.p/1 is missing", fault.ToString());
        tiles["tile/1/000.p/1"] = tiles["tile/1/000.p/2"][..32];
        Assert.True(VerifiedTiles.TryOpen(300, TestLog.Root(300), TestLog.Source(tiles), out var opened, out fault), fault?.ToString());
        Assert.True(opened.TryReadEntries(1, out var entries, out fault), fault?.ToString());
        Assert.Equal(44, entries.Length);
        Assert.False(VerifiedTiles.TryOpen(300, TestLog.Root(299), TestLog.Source(tiles), out _, out _));
    }

    [Fact]
    public void EntryBundle_LongestAndEmptyEntries_RoundTrip()
    {
        byte[][] entries = [[], new byte[EntryBundle.MaxEntryBytes], [7]];
        var bundle = new ArrayBufferWriter<byte>();
        foreach (byte[] entry in entries)
            EntryBundle.Append(bundle, entry);
        Assert.True(EntryBundle.TryParse(bundle.WrittenMemory, 3, out var read));
        Assert.Equal(entries, read.Select(entry => entry.ToArray()));
        Assert.False(EntryBundle.TryParse(bundle.WrittenMemory, 2, out _));
        Assert.False(EntryBundle.TryParse(bundle.WrittenMemory, 4, out _));
        Assert.False(EntryBundle.TryParse(bundle.WrittenMemory[..^1], 3, out _));
        Assert.False(EntryBundle.TryParse(default, 0, out _));
        Assert.False(EntryBundle.TryParse(new byte[600], 257, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => EntryBundle.Append(bundle, new byte[65_536]));
    }

    [Fact]
    public void TryParse_FuzzedPath_NeverThrowsAndRoundTrips() =>
        Fuzz.Run(output, [TestLog.Utf8("tile/0/x001/x234/067.p/8"), TestLog.Utf8("tile/entries/000")], bytes =>
        {
            string path = Encoding.UTF8.GetString(bytes);
            if (TileId.TryParse(path, out var tile))
                Assert.Equal(path, tile.ToString());
        });

    [Fact]
    public void TryParse_FuzzedBundle_NeverThrowsAndRoundTrips() =>
        Fuzz.Run(output, [TestLog.Tiles(5)["tile/entries/000.p/5"]], bytes =>
        {
            if (!EntryBundle.TryParse(bytes, 5, out var entries))
                return;
            var again = new ArrayBufferWriter<byte>();
            foreach (var entry in entries)
                EntryBundle.Append(again, entry.Span);
            Assert.Equal(bytes, again.WrittenSpan.ToArray());
        });

    private static TileFault? ReadThrough(int size, Hash32 root, Dictionary<string, byte[]> tiles, string path)
    {
        Assert.True(TileId.TryParse(path, out var tile));
        if (!VerifiedTiles.TryOpen(size, root, TestLog.Source(tiles), out var opened, out var fault))
            return fault;
        if (!tile.IsEntries)
            return opened.ReadTile(tile.Level, tile.Index, out _);
        opened.TryReadEntries(tile.Index, out _, out fault);
        return fault;
    }
}
