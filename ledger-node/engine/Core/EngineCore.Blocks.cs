using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;

namespace RxChain.Engine.Core;

/// <summary>How blocks are made: out of puts, and again out of copies.</summary>
public sealed partial class EngineCore
{
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
        var block = _executor.Execute(batch, put.Position, out string reason);
        if (block is not null)
        {
            effects.Add(new AppendBlock(put, block));
            RememberHead();
            return;
        }
        bool duplicates = reason.Length == 0;
        var places = duplicates ? batch.Events.Select(e => _executor.FirstPlace(e)!.Value).ToArray() : null;
        effects.Add(new PutSkipped(put, duplicates ? "nothing but duplicates" : reason, places));
        if (!duplicates && batch.Events.Count > 0)
            effects.Add(new RaiseAlarm($"ordering position {put.Position}, proposer {batch.Batch.Header.Proposer}: {reason}"));
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
