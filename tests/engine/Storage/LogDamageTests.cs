using System.Buffers.Binary;
using RxChain.Engine.Ports;
using RxChain.Ledger.Merkle;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

public class LogDamageTests
{
    private const string Mark = SampleLog.Root + "/log/durable";
    private const string Tiles = SampleLog.Root + "/tiles/";

    [Fact]
    public void LastBlock_CutAtEveryByte_IsCutOffWhole()
    {
        var sample = SampleLog.Closed(seed: 3, blocks: 5);
        byte[] mark = sample.Disk[Mark];
        int start = EndOfData(sample.Disk[SampleLog.Segment0]);
        using (var log = sample.Open())
        {
            sample.Append(log);
            log.Flush();
        }
        byte[] whole = sample.Disk[SampleLog.Segment0];
        int end = EndOfData(whole);
        for (int cut = start; cut < end; cut++)
        {
            byte[] torn = [.. whole];
            torn.AsSpan(cut).Clear();
            var copy = sample.On(WithFiles(sample.Disk, (SampleLog.Segment0, torn), (Mark, mark)));
            using var log = copy.Open(minimumSize: sample.Seals[^2]);
            Assert.Equal(sample.Seals[^2], log.Size);
            Assert.Equal(start, EndOfData(copy.Disk[SampleLog.Segment0]));
            // A salt may begin with zeros, which leave nothing to see.
            Assert.Equal(torn.AsSpan(start).ContainsAnyExcept((byte)0), log.Notices.Any(n => n.Contains("torn", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void LastBlock_CutBelowCosignedSize_Halts()
    {
        var sample = SampleLog.Closed(seed: 3, blocks: 5);
        byte[] torn = sample.Disk[SampleLog.Segment0];
        torn[EndOfData(torn) - 1] ^= 1;
        sample.Disk.Delete(Mark);
        sample.Disk[SampleLog.Segment0] = torn;
        var e = Assert.Throws<CorruptLogException>(() => sample.Open(minimumSize: sample.Leaves.Count));
        Assert.Contains($"leaf {sample.Leaves.Count - 1}", e.Message, StringComparison.Ordinal);
        Assert.Contains("cosigned", e.Message, StringComparison.Ordinal);
        Assert.Equal(torn, sample.Disk[SampleLog.Segment0]);
        using var log = sample.Open(minimumSize: sample.Seals[^2]);
        Assert.Equal(sample.Seals[^2], log.Size);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnyByteOfFlushedLog_Flipped_Halts(bool withoutMark)
    {
        // Each block but the first says that those before it were durable; the last is known by the mark alone.
        var sample = new SampleLog(seed: 4);
        int lastBlock;
        using (var log = sample.Open())
        {
            for (int i = 0; i < 4; i++)
            {
                sample.Append(log, maxLeafBytes: 60);
                log.Flush();
            }
            lastBlock = EndOfData(sample.Disk[SampleLog.Segment0]);
            sample.Append(log, maxLeafBytes: 60);
            log.Flush();
        }
        byte[] whole = sample.Disk[SampleLog.Segment0];
        int end = withoutMark ? lastBlock : EndOfData(whole);
        for (int at = 0; at < end; at += at is > 80 and < SegmentHeader.SizeBytes - 50 ? 50 : 1)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= (byte)(1 << at % 8);
            var disk = WithFiles(sample.Disk, (SampleLog.Segment0, flipped));
            if (withoutMark)
                disk.Delete(Mark);
            var e = Assert.Throws<CorruptLogException>(() => sample.On(disk).Open().Dispose());
            Assert.Contains(SampleLog.Segment0, e.Message, StringComparison.Ordinal);
            Assert.Equal(flipped, disk[SampleLog.Segment0]);
        }
    }

    [Fact]
    public void ClosedSegment_ByteFlippedAnywhere_Halts()
    {
        var sample = SampleLog.Closed(seed: 5, blocks: 60);
        byte[] whole = sample.Disk[SampleLog.Segment0];
        for (int at = 0; at < whole.Length; at += 97)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 0x10;
            var disk = WithFiles(sample.Disk, (SampleLog.Segment0, flipped));
            disk.Delete(Mark);
            var e = Assert.Throws<CorruptLogException>(() => sample.On(disk).Open().Dispose());
            Assert.Contains(SampleLog.Segment0, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LeafAltered_WithChecksumMadeRight_Halts()
    {
        var sample = SampleLog.Closed(seed: 6, blocks: 3);
        byte[] altered = sample.Disk[SampleLog.Segment0];
        int record = SegmentHeader.SizeBytes + BlockFormat.HeaderBytes, length = sample.Leaves[0].Length;
        altered[record + BlockFormat.RecordHeaderBytes + length - 1] ^= 1;
        byte[] place = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(place.AsSpan(8), length);
        uint crc = Crc32C.Of(place, altered.AsSpan(record + BlockFormat.RecordHeaderBytes, length));
        BinaryPrimitives.WriteUInt32BigEndian(altered.AsSpan(record + 4), crc);
        sample.Disk[SampleLog.Segment0] = altered;
        var e = Assert.Throws<CorruptLogException>(() => sample.Open());
        Assert.Contains("leaf 0: the leaf passes its checksum", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index")]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("*")]
    public void DerivedFile_DeletedCutOrDamaged_IsRebuiltIdentical(string name)
    {
        var sample = SampleLog.Closed(seed: 9, blocks: 400);
        var paths = sample.Disk.Paths.Where(p => p.StartsWith(Tiles, StringComparison.Ordinal) && (name == "*" || p == Tiles + name)).ToList();
        var before = paths.ToDictionary(p => p, p => sample.Disk[p]);
        foreach (var harm in Harms)
        {
            foreach (string path in paths)
                harm(sample.Disk, path);
            using (var log = sample.Open())
            {
                Assert.Contains(log.Notices, n => n.Contains("mended", StringComparison.Ordinal));
                sample.CheckContents(log);
            }
            Assert.All(paths, p => Assert.Equal(before[p], sample.Disk[p]));
        }
    }

    private static IEnumerable<Action<MemoryDisk, string>> Harms =>
    [
        (disk, path) => disk[path] = [],
        (disk, path) => disk[path] = disk[path][..(disk[path].Length / 2)],
        (disk, path) => disk[path] = [.. disk[path], 1, 2, 3],
        (disk, path) => disk[path] = [.. disk[path].Select((b, i) => i == disk[path].Length / 3 ? (byte)~b : b), 0],
    ];

    [Fact]
    public void Segments_MissingShortSwappedOrForeign_Halt()
    {
        var sample = SampleLog.Closed(seed: 10, blocks: 200);
        var other = SampleLog.Closed(seed: 11, blocks: 200);
        string second = "/node/log/00000001.seg", third = "/node/log/00000002.seg";
        Expect("is missing", disk => disk.Delete(second));
        Expect("is missing", disk => disk.Delete(SampleLog.Segment0));
        Expect("durable", disk => disk.Delete(disk.Paths.Last(p => p.EndsWith(".seg", StringComparison.Ordinal))));
        Expect("bytes, its header says", disk => disk[second] = disk[second][..^1]);
        Expect("its header", disk => disk[second] = disk[second][..100]);
        Expect("by its header", disk => (disk[second], disk[third]) = (disk[third], disk[second]));
        Expect("does not follow", disk => disk[second] = other.Disk[second]);
        Expect("does not follow", disk => disk[SampleLog.Segment0] = other.Disk[SampleLog.Segment0]);
        Expect("not a file of this log", disk => disk["/node/log/notes.txt"] = [1]);
        Expect("holds no segment", disk => disk.Paths.Where(p => p.EndsWith(".seg", StringComparison.Ordinal)).ToList().ForEach(disk.Delete));

        void Expect(string message, Action<MemoryDisk> harm)
        {
            var disk = WithFiles(sample.Disk);
            disk.Paths.Where(p => p.StartsWith(Tiles, StringComparison.Ordinal)).ToList().ForEach(disk.Delete);
            harm(disk);
            var e = Assert.Throws<CorruptLogException>(() => sample.On(disk).Open().Dispose());
            Assert.Contains(message, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TailTorn_ButLeafContainsABlockHeader_IsNotTakenForOne()
    {
        // Whoever fills a leaf cannot know the salt, hence cannot make a torn tail look like damage.
        var sample = SampleLog.Closed(seed: 12, blocks: 1);
        byte[] mark = sample.Disk[Mark];
        byte[] forged = new byte[200];
        forged[1] = 3;
        BlockFormat.Write(forged.AsSpan(50, 60), 0x1234, 1000, 1000, [new byte[16]]);
        using (var log = sample.Open())
        {
            log.AppendBlock([forged], [Rfc6962.LeafHash(forged)]);
            log.Flush();
        }
        byte[] torn = sample.Disk[SampleLog.Segment0];
        torn[EndOfData(torn) - 100] ^= 1;
        torn[^(torn.Length - EndOfData(torn) + 1)] |= 1;
        var disk = WithFiles(sample.Disk, (SampleLog.Segment0, torn), (Mark, mark));
        using var reopened = sample.On(disk).Open();
        Assert.Equal(sample.Leaves.Count, reopened.Size);
    }

    private static int EndOfData(byte[] segment) => segment.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

    private static MemoryDisk WithFiles(MemoryDisk disk, params (string Path, byte[] Bytes)[] files)
    {
        var copy = new MemoryDisk();
        foreach (string path in disk.Paths)
            copy[path] = disk[path];
        foreach (var (path, bytes) in files)
            copy[path] = bytes;
        return copy;
    }
}
