using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;

namespace RxChain.Engine.Core;

/// <summary>How blocks are made: out of puts, and again out of copies.</summary>
public sealed partial class EngineCore
{
    // What the last batch of each validator said against this log.
    private readonly SortedDictionary<string, string> _contradictions = new(StringComparer.Ordinal);

    private void Apply(PutArrived put, List<EngineEffect> effects)
    {
        if (Halt is { } halt)
        {
            effects.Add(new PutSkipped(put, halt.Reason, null));
            return;
        }
        if (put.Batch is null)
        {
            effects.Add(new PutSkipped(put, put.Fault, null));
            effects.Add(new RaiseAlarm($"ordering position {put.Position}: {put.Fault}"));
            return;
        }
        var batch = _resolver.Resolve(put.Batch, _verifier);
        if (put.Position <= _executor.Head.OrderingPosition)
        {
            // In a block that was copied from a peer.
            Skip(put, batch, "applied already", effects);
            return;
        }
        var block = _executor.Execute(batch, put.Position, out string reason);
        if (block is null)
        {
            Skip(put, batch, reason, effects);
            Compare(put, batch, effects);
            return;
        }
        _contradictions.Remove(batch.Batch.Header.Proposer);
        effects.Add(new AppendBlock(put, block));
        RememberHead();
    }

    private void Skip(PutArrived put, CheckedBatch batch, string reason, List<EngineEffect> effects)
    {
        var places = batch.Events.Select(_executor.FirstPlace).OfType<EventPlace>().ToArray();
        bool duplicates = places.Length == batch.Events.Count;
        effects.Add(new PutSkipped(put, reason.Length == 0 ? "nothing but duplicates" : reason, duplicates ? places : null));
        // An old batch put again changes nothing, and is told all the same.
        if (reason.Length > 0 && batch.Events.Count > 0 && put.Position > _executor.Head.OrderingPosition)
            effects.Add(new RaiseAlarm($"ordering position {put.Position}, proposer {batch.Batch.Header.Proposer}: {reason}"));
    }

    // One validator may lie about what it has. When more than a third have another log, honest ones do: the order has two faces,
    // or it is that of a new epoch.
    private void Compare(PutArrived put, CheckedBatch batch, List<EngineEffect> effects)
    {
        if (_executor.Contradiction(batch) is not { } contradiction)
            return;
        _contradictions[batch.Batch.Header.Proposer] = $"at position {put.Position} {contradiction}";
        var names = _eras.Last.Names;
        var against = _contradictions.Where(c => names.Contains(c.Key)).Select(c => c.Value).ToList();
        if (3 * against.Count <= names.Count)
            return;
        string what = $"{against.Count} of {names.Count} validators build on another log: {string.Join("; ", against)}. This node refuses writes and serves what it has.";
        _finality.Stop(
            HaltKind.OrderingLost,
            batch.Batch.Header.Epoch > _executor.Head.Epoch
                ? $"EPOCH ENDED: {what} Start it again: it copies the new epoch from its peers."
                : $"ORDERING FORKED: {what} Compare the logs with rxaudit, then open a new epoch (OPERATIONS, \"Open a new epoch\").",
            effects);
    }

    private void Copy(BlockCopied copied, List<EngineEffect> effects)
    {
        if (copied.Seal.FirstLeaf != _executor.Head.Size || Halt is not null)
            return;
        string reason;
        var block = copied.Leaves.Count == 2 && RecoveryLeaf.TryParse(copied.Leaves[0], out var record)
            ? _executor.Recover(record, out reason)
            : _executor.Rebuild(copied.Seal, _resolver.Resolve(copied.Events, _verifier), out reason);
        if (block is not null && FirstDifference(block, copied.Leaves) is { } leaf)
            reason = $"leaf {leaf} is not what the rules give here";
        if (reason.Length == 0)
        {
            effects.Add(new AppendBlock(null, block!));
            RememberHead();
            return;
        }
        // The peers' quorum made it final: it is this node that computes something else.
        _finality.Stop(HaltKind.Diverged,
            $"DIVERGED: block {copied.Seal.Height} as copied from a peer cannot be made here: {reason}. "
            + "This node refuses writes and serves its last final state. Is its version the others'? Then restore its data.", effects);
    }

    private static long? FirstDifference(ExecutedBlock block, IReadOnlyList<ReadOnlyMemory<byte>> leaves)
    {
        for (int i = 0; i < Math.Max(leaves.Count, block.Leaves.Count); i++)
        {
            if (i >= leaves.Count || i >= block.Leaves.Count || !leaves[i].Span.SequenceEqual(block.Leaves[i].Span))
                return block.Seal.FirstLeaf + i;
        }
        return null;
    }
}
