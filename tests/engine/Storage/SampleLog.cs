using RxChain.Ledger;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

/// <summary>A block of leaves with their hashes.</summary>
internal sealed record SampleBlock(IReadOnlyList<ReadOnlyMemory<byte>> Leaves, Hash32[] Hashes)
{
    /// <summary>Some events and a seal, of random length and content.</summary>
    public static SampleBlock Random(Random random, int maxEvents = 4, int maxLeafBytes = 900)
    {
        int events = random.Next(maxEvents + 1);
        var leaves = new List<ReadOnlyMemory<byte>>();
        for (int i = 0; i <= events; i++)
        {
            byte[] leaf = new byte[random.Next(2, maxLeafBytes)];
            random.NextBytes(leaf);
            leaf[0] = LeafFormat.Version;
            leaf[1] = (byte)(i == events ? LeafKind.Seal : LeafKind.Event);
            leaves.Add(leaf);
        }
        return new SampleBlock(leaves, [.. leaves.Select(l => Rfc6962.LeafHash(l.Span))]);
    }
}

/// <summary>A log over a disk in memory, and beside it what it should hold.</summary>
internal sealed class SampleLog(int seed)
{
    public const string Root = "/node";
    public const string Segment0 = Root + "/log/00000000.seg";

    public static LogOptions Options { get; } = new() { SegmentBytes = 32 << 10, OpenSegments = 2 };

    public Random Random { get; } = new(seed);

    public MemoryDisk Disk { get; set; } = new();

    /// <summary>Leaves handed to the log, in order.</summary>
    public List<ReadOnlyMemory<byte>> Leaves { get; } = [];

    /// <summary>Sizes after each block.</summary>
    public List<long> Seals { get; } = [0];

    public SegmentLeafLog Open(long minimumSize = 0) => SegmentLeafLog.Open(Disk, Root, minimumSize, Options);

    /// <summary>Appends a random block.</summary>
    public void Append(SegmentLeafLog log, int maxLeafBytes = 900)
    {
        var block = SampleBlock.Random(Random, maxLeafBytes: maxLeafBytes);
        Leaves.AddRange(block.Leaves);
        Seals.Add(Leaves.Count);
        log.AppendBlock(block.Leaves, block.Hashes);
    }

    /// <summary>The same expectation over another disk.</summary>
    public SampleLog On(MemoryDisk disk)
    {
        var copy = new SampleLog(seed) { Disk = disk };
        copy.Leaves.AddRange(Leaves);
        copy.Seals.AddRange(Seals);
        return copy;
    }

    /// <summary>Forgets what a power loss took.</summary>
    public void Truncate(long size)
    {
        Leaves.RemoveRange((int)size, Leaves.Count - (int)size);
        Seals.RemoveAll(s => s > size);
    }

    /// <summary>A log of this many flushed blocks, closed.</summary>
    public static SampleLog Closed(int seed, int blocks)
    {
        var sample = new SampleLog(seed);
        using var log = sample.Open();
        for (int i = 0; i < blocks; i++)
            sample.Append(log);
        log.Flush();
        return sample;
    }

    /// <summary>Every read of the log gives what was appended, up to its size, which is one after a seal.</summary>
    public void CheckContents(SegmentLeafLog log)
    {
        Assert.Contains(log.Size, Seals);
        var frontier = new MerkleFrontier();
        long index = 0;
        foreach (var leaf in log.ReadRange(0, log.Size))
        {
            Assert.True(leaf.Span.SequenceEqual(Leaves[(int)index].Span), $"leaf {index} (range)");
            Assert.True(log.Read(index).Span.SequenceEqual(leaf.Span), $"leaf {index}");
            frontier.Append(Rfc6962.LeafHash(leaf.Span));
            index++;
        }
        Assert.Equal(log.Size, index);
        Assert.True(MerkleProver.TryRoot(log.Size, log.TryReadNode, out var root));
        Assert.Equal(frontier.Root, root);
    }
}
