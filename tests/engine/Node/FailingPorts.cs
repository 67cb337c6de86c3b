using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Engine.Tests.Node;

/// <summary>A call of the node to its disk.</summary>
public enum DiskCall
{
    None,
    Append,
    Flush,
    SaveCosigned,
    CommitState,
}

/// <summary>Ports that pass every call on until one kind of call fails.</summary>
internal sealed class FailingPorts(ILeafLog log, ICosignedHeadStore cosigned, IStateStore states) : ILeafLog, ICosignedHeadStore, IStateStore
{
    private volatile DiskCall _failing;

    public DiskCall Failing
    {
        get => _failing;
        set => _failing = value;
    }

    public long Size => log.Size;

    public long DurableSize => log.DurableSize;

    public AppliedMark Applied => states.Applied;

    public void AppendBlock(IReadOnlyList<ReadOnlyMemory<byte>> leaves, ReadOnlySpan<Hash32> leafHashes)
    {
        ThrowIf(DiskCall.Append);
        log.AppendBlock(leaves, leafHashes);
    }

    public long Flush()
    {
        ThrowIf(DiskCall.Flush);
        return log.Flush();
    }

    public CosignedHead Read() => cosigned.Read();

    public void Save(CosignedHead head)
    {
        ThrowIf(DiskCall.SaveCosigned);
        cosigned.Save(head);
    }

    public void Commit(IReadOnlyList<BucketWrite> writes, AppliedMark mark)
    {
        ThrowIf(DiskCall.CommitState);
        states.Commit(writes, mark);
    }

    public ReadOnlyMemory<byte> Read(long index) => log.Read(index);

    public IEnumerable<ReadOnlyMemory<byte>> ReadRange(long from, long to) => log.ReadRange(from, to);

    public bool TryReadNode(int level, long index, out Hash32 hash) => log.TryReadNode(level, index, out hash);

    public byte[]? ReadBucket(uint bucket) => states.ReadBucket(bucket);

    public IEnumerable<(uint Bucket, byte[] Bytes)> ReadAll() => states.ReadAll();

    public void Reset() => states.Reset();

    public void Dispose()
    {
    }

    private void ThrowIf(DiskCall call)
    {
        if (call == _failing)
            throw new IOException($"Injected: {call}.");
    }
}
