using RxChain.Engine.Ports;
using RxChain.Ledger.Merkle;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

public class SegmentLeafLogTests
{
    [Fact]
    public void Reopen_AfterManySegments_ReadsTheSame()
    {
        var sample = SampleLog.Closed(seed: 1, blocks: 400);
        using var log = sample.Open();
        Assert.Equal(sample.Leaves.Count, log.Size);
        Assert.Equal(log.Size, log.DurableSize);
        Assert.Empty(log.Notices);
        Assert.True(sample.Disk.List("/node/log").Count > 10);
        sample.CheckContents(log);
        sample.Append(log);
        sample.CheckContents(log);
    }

    [Fact]
    public void FullDisk_ShowsWhenASegmentIsCreated_AndNothingIsLost()
    {
        var sample = new SampleLog(seed: 2);
        using (var log = sample.Open())
        {
            sample.Append(log);
            long acknowledged = log.Flush();
            // Room for what is derived, but not for a second segment.
            sample.Disk.CapacityBytes = 2 * SampleLog.Options.SegmentBytes;
            var e = Assert.Throws<IOException>(() =>
            {
                for (int i = 0; i < 1000; i++)
                    sample.Append(log);
            });
            Assert.Contains("space", e.Message, StringComparison.Ordinal);
            Assert.True(log.DurableSize > acknowledged, "the full segment was flushed");
            Assert.Throws<IOException>(() => log.Flush());
            Assert.Throws<IOException>(() => sample.Append(log));
        }
        sample.Disk.CapacityBytes = long.MaxValue;
        using var reopened = sample.Open();
        sample.CheckContents(reopened);
    }

    [Fact]
    public void Append_IsOneWriteOfTheLog_AndFlushOneFlush()
    {
        var calls = new List<string>();
        var sample = new SampleLog(seed: 2);
        using var log = sample.Open();
        sample.Disk.Trace = calls.Add;
        sample.Append(log);
        Assert.Equal(["write", "write", "write"], calls);
        calls.Clear();
        log.Flush();
        log.Flush();
        Assert.Equal(["flush", "write"], calls);
    }

    [Fact]
    public async Task Readers_WhileOneAppends_SeeWhatWasAppended()
    {
        using var directory = new TemporaryDirectory();
        var blocks = Enumerable.Range(0, 600).Select(i => SampleBlock.Random(new Random(i))).ToList();
        var leaves = blocks.SelectMany(b => b.Leaves).ToList();
        using var log = SegmentLeafLog.Open(FileDisk.Instance, directory.Root, 0, SampleLog.Options);
        var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(() => ReadUntilFull(log, leaves, new Random(seed)))).ToArray();
        var flusher = Task.Run(() =>
        {
            while (log.Flush() < leaves.Count)
                Thread.Yield();
        });
        foreach (var block in blocks)
            log.AppendBlock(block.Leaves, block.Hashes);
        await Task.WhenAll([.. readers, flusher]);
        Assert.Equal(leaves.Count, log.DurableSize);
    }

    [Fact]
    public void Append_OfWhatIsNoBlock_IsRefused()
    {
        using var log = new SampleLog(seed: 1).Open();
        byte[] seal = [1, 3], notSeal = [1, 2], tooLong = new byte[65_536];
        tooLong[1] = 3;
        Assert.Throws<ArgumentException>(() => log.AppendBlock([], []));
        Assert.Throws<ArgumentException>(() => log.AppendBlock([seal], []));
        Assert.Throws<ArgumentException>(() => log.AppendBlock([notSeal], [default]));
        Assert.Throws<ArgumentException>(() => log.AppendBlock([tooLong], [default]));
        Assert.Throws<ArgumentException>(() => log.AppendBlock([new byte[40_000], seal], [default, default]));
        Assert.Equal(0, log.Size);
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Read(0));
        Assert.False(log.TryReadNode(0, 0, out _));
    }

    [Fact]
    public void TryReadNode_OfEveryNodeAtEverySize_IsTheRootOfItsLeaves()
    {
        var sample = new SampleLog(seed: 40);
        using var log = sample.Open();
        while (log.Size < 700)
        {
            sample.Append(log);
            // The newest node of each level, whose tile may be known in an older width; and then one beyond.
            for (int level = 0; level < 12; level++)
            {
                long count = log.Size >> level;
                Assert.False(log.TryReadNode(level, count, out _));
                if (count > 0)
                    CheckNode(sample, log, level, count - 1);
            }
        }
        for (int level = 0; level < 10; level++)
        {
            for (long index = 0; index < log.Size >> level; index++)
                CheckNode(sample, log, level, index);
        }
    }

    private static void CheckNode(SampleLog sample, SegmentLeafLog log, int level, long index)
    {
        var expected = new MerkleFrontier();
        for (long i = index << level; i < (index + 1) << level; i++)
            expected.Append(Rfc6962.LeafHash(sample.Leaves[(int)i].Span));
        Assert.True(log.TryReadNode(level, index, out var hash));
        Assert.Equal(expected.Root, hash);
    }

    private static void ReadUntilFull(SegmentLeafLog log, List<ReadOnlyMemory<byte>> leaves, Random random)
    {
        while (log.Size < leaves.Count)
        {
            long size = log.Size;
            if (size == 0)
                continue;
            long index = random.NextInt64(size);
            Assert.True(log.Read(index).Span.SequenceEqual(leaves[(int)index].Span));
            Assert.True(log.TryReadNode(random.Next(4), 0, out _) || size < 8);
            long to = Math.Min(size, index + 50);
            Assert.Equal(to - index, log.ReadRange(index, to).Zip(leaves.Skip((int)index)).Count(p => p.First.Span.SequenceEqual(p.Second.Span)));
        }
    }
}
