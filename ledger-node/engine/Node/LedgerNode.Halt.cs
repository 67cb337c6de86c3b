using Google.Protobuf;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Prescriptions.State;

namespace RxChain.Engine.Node;

/// <summary>A node that halted: it refuses writes, with the reason, and goes on for readers.</summary>
public sealed partial class LedgerNode
{
    private static CoreMemory Memory(NodeParts parts, BlockExecutor executor)
    {
        var eraEnds = new Dictionary<uint, Ledger.Tlog.SignedCheckpoint>();
        for (uint era = 1; era < ValidatorSet.Current(executor.State).Number; era++)
        {
            if (parts.Checkpoint.ReadEraEnd(era) is { } end)
                eraEnds[era] = end;
        }
        return new CoreMemory
        {
            Tree = parts.Log.TryReadNode,
            Question = Random.Shared.NextInt64(),
            LastCosigned = parts.CosignedHead.Read(),
            Final = parts.Checkpoint.Read(),
            EraEnds = eraEnds,
            Cosignatures = parts.Signatures.ReadCosignatures(),
            Evidence = parts.Signatures.ReadEvidence(),
            Halt = parts.Signatures.ReadHalt(),
        };
    }

    private void ThrowIfHalted()
    {
        if (_core.Halt is { } halt)
            throw new OrderingUnavailableException(halt.Reason);
    }

    private void StopWriting(Halt halt)
    {
        if (halt.Kind == HaltKind.Diverged)
            _parts.Signatures.Save(halt);
        var halted = new OrderingUnavailableException(halt.Reason);
        _proposer?.FailAll(halted);
        if (halt.Kind == HaltKind.Diverged)
            _waiting.FailAll(halted);
    }

    // What this node has computed since is in doubt.
    private StateRead<T> ReadFinalState<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new()
    {
        long size = _final?.Checkpoint.Size ?? 0;
        if (!_executor.State.TryFindAt<T>(size, kind, id, out var value) || !SealLeaf.TryParse(_parts.Log.Read(size - 1), out var seal))
            throw new OrderingUnavailableException("This node diverged before it knew a final head, or so long after that it no longer has the state of then: it has nothing to serve.");
        return new StateRead<T>(value, size, seal.LedgerTimeMs);
    }
}
