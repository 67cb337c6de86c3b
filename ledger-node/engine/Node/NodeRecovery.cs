using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;

namespace RxChain.Engine.Node;

/// <summary>
/// Brings state and head to the end of the log at a start: the log is the truth, the stored state a cache of it.
/// </summary>
internal sealed class NodeRecovery(NodeParts parts)
{
    private readonly ILeafLog _log = parts.Log;

    // Beyond its last final head the log of a node that diverged is in doubt.
    private readonly long _end = parts.Signatures.ReadHalt()?.Kind == HaltKind.Diverged
        ? Math.Max(parts.Checkpoint.Read()?.Checkpoint.Size ?? 0, GenesisLeaves) : parts.Log.Size;

    private const long GenesisLeaves = 2;

    /// <summary>What an operator should know about the start.</summary>
    public List<string> Notices { get; } = [];

    public BlockExecutor Run()
    {
        if (_log.Size == 0)
            return Begin();
        CheckCosigned();
        if (!_log.Read(0).Span.SequenceEqual(parts.Genesis.ToArray()))
            throw new CorruptLogException("The genesis file is not that of the log in this data directory: use the right one.");
        var executor = ResumeStored() ?? Rebuild();
        Replay(executor);
        return executor;
    }

    // A log that is long enough, but not the one whose head was cosigned: an old disk, or somebody else's.
    private void CheckCosigned()
    {
        var cosigned = parts.CosignedHead.Read();
        if (cosigned.Size > 0 && (!MerkleProver.TryRoot(cosigned.Size, _log.TryReadNode, out var root) || root != cosigned.Root))
            throw new CorruptLogException($"This log is not the one whose head of size {cosigned.Size} this node cosigned: keep it as evidence, and restore the right one from a backup or a peer.");
    }

    private BlockExecutor Begin()
    {
        if (parts.State.Applied.Size > 0)
            parts.State.Reset();
        var executor = new BlockExecutor(NewState(), new ChainHead());
        var block = executor.Begin(parts.Genesis);
        _log.AppendBlock(block.Leaves, block.LeafHashes);
        _log.Flush();
        return executor;
    }

    // Null when the stored state is not that of the log at its mark.
    private BlockExecutor? ResumeStored()
    {
        var mark = parts.State.Applied;
        if (mark.Size == 0)
            return null;
        if (mark.Size <= _end && SealLeaf.TryParse(_log.Read(mark.Size - 1), out var seal) && seal.StateRoot == mark.StateRoot
            && LoadState(seal.StateRoot) is { } state)
            return new BlockExecutor(state, HeadAt(seal));
        Notices.Add($"The stored state is not that of the log at size {mark.Size}; it is rebuilt from the log.");
        parts.State.Reset();
        return null;
    }

    private StateMap? LoadState(Hash32 root)
    {
        var state = NewState();
        try
        {
            return state.Load(parts.State.ReadAll(), out _) && state.Root == root ? state : null;
        }
        catch (CorruptStateException)
        {
            return null;
        }
    }

    private BlockExecutor Rebuild()
    {
        var executor = new BlockExecutor(NewState(), new ChainHead());
        var block = executor.Begin(parts.Genesis);
        Compare(block, [_log.Read(0), _log.Read(1)]);
        return executor;
    }

    private StateMap NewState() =>
        new((int)parts.Genesis.Policy.BucketBits, new StoredBuckets(parts.State), parts.StateCacheBytes);

    private ChainHead HeadAt(SealLeaf last)
    {
        var seals = new List<(SealLeaf, Hash32)>();
        for (var seal = last; ; seal = ReadSeal(seal.FirstLeaf - 1))
        {
            seals.Add((seal, Rfc6962.LeafHash(_log.Read(seal.LeafIndex).Span)));
            if (seal.Height == 0 || seals.Count > parts.Genesis.Policy.BaseWindowHeights)
                break;
        }
        seals.Reverse();
        return ChainHead.Resume(seals, TreeOf(last.LeafIndex + 1), (int)parts.Genesis.Policy.BaseWindowHeights);
    }

    private MerkleFrontier TreeOf(long size)
    {
        var tree = new MerkleFrontier();
        for (int level = 62; level >= 0; level--)
        {
            if ((size >> level & 1) == 0)
                continue;
            if (!_log.TryReadNode(level, tree.Size >> level, out var hash))
                throw new CorruptLogException($"The hash tiles lack the subtree of level {level} at leaf {tree.Size}: delete the tiles folder; it is rebuilt from the log.");
            tree.AppendSubtree(level, hash);
        }
        return tree;
    }

    private SealLeaf ReadSeal(long index) => SealLeaf.TryParse(_log.Read(index), out var seal)
        ? seal : throw new CorruptLogException($"Leaf {index} should be a seal: restore this log from a backup or a peer.");

    private void Replay(BlockExecutor executor)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        foreach (var leaf in _log.ReadRange(executor.Head.Size, _end))
        {
            if (leaf.Span[1] != (byte)LeafKind.Seal)
            {
                events.Add(leaf);
                continue;
            }
            ReplayBlock(executor, events, leaf);
            events.Clear();
            if (executor.State.DirtyCount > parts.MaxDirtyBuckets)
                Store(executor);
        }
        // A node that crashes again and again must not replay more each time.
        if (executor.State.DirtyCount > parts.MaxDirtyBuckets / 20)
            Store(executor);
    }

    private static void ReplayBlock(BlockExecutor executor, List<ReadOnlyMemory<byte>> leaves, ReadOnlyMemory<byte> sealBytes)
    {
        long first = executor.Head.Size;
        if (leaves.Count == 1 && RecoveryLeaf.TryParse(leaves[0], out var record))
        {
            var epoch = executor.Recover(record, out string fault)
                ?? throw new CorruptLogException($"Leaf {first} cannot be replayed: {fault}. Restore this log from a backup or a peer.");
            Compare(epoch, [.. leaves, sealBytes]);
            return;
        }
        var events = new CheckedEvent[leaves.Count];
        Parallel.For(0, leaves.Count, i => events[i] = Parse(leaves[i], first + i));
        if (!SealLeaf.TryParse(sealBytes, out var seal))
            throw new CorruptLogException($"Leaf {first + leaves.Count} is not a seal that follows the grammar: restore this log from a backup or a peer.");
        var block = executor.Rebuild(seal, events, out string reason)
            ?? throw new CorruptLogException($"Block {seal.Height} cannot be replayed: {reason}. Restore this log from a backup or a peer.");
        Compare(block, [.. leaves, sealBytes]);
    }

    // The log was verified when it was written: signatures are not verified again, except the tokens that the rules ask about.
    private static CheckedEvent Parse(ReadOnlyMemory<byte> leaf, long index)
    {
        if (!EventLeaf.TryParse(leaf, out var parsed) || !SignedEvent.TryParse(parsed.Envelope, out var signed, out _))
            throw new CorruptLogException($"Leaf {index} is not an event that follows the grammar: restore this log from a backup or a peer.");
        return new CheckedEvent(signed, SignatureVerdict.Valid, EventVerifier.CheckStatement(signed.Event));
    }

    private static void Compare(ExecutedBlock block, IReadOnlyList<ReadOnlyMemory<byte>> logged)
    {
        for (int i = 0; i < logged.Count; i++)
        {
            if (!block.Leaves[i].Span.SequenceEqual(logged[i].Span))
            {
                throw new CorruptLogException(
                    $"Leaf {block.Seal.FirstLeaf + i} (height {block.Seal.Height}) is not what the rules give: this log was changed, or written by another version. Restore it from a backup or a peer.");
            }
        }
    }

    private void Store(BlockExecutor executor)
    {
        var frozen = executor.State.Freeze();
        parts.State.Commit(
            [.. frozen.Encode().Select(b => new BucketWrite(b.Bucket, b.Bytes))],
            new AppliedMark(executor.Head.Size, executor.State.Root));
        executor.State.Thaw();
    }
}

/// <summary>Reads buckets of the state map from the state store.</summary>
internal sealed class StoredBuckets(IStateStore store) : IBucketReader
{
    public byte[]? ReadBucket(uint bucket) => store.ReadBucket(bucket);
}
