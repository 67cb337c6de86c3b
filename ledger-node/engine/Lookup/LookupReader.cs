using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine;

/// <summary>
/// Feeds a lookup index from the durable log, block by block, behind the node's back. What it writes follows from the log
/// alone, so that an index that was rebuilt says the same as one that was there all the time (docs/adr/0006).
/// </summary>
public sealed class LookupReader(ILedgerNode node, ILookupIndex index)
{
    private const int LeavesPerTransaction = 2048;

    private readonly PastPrescriptions _past = new(node, index);
    private readonly List<LookupLeaf> _leaves = [];
    private readonly List<LookupNotice> _notices = [];

    /// <summary>Reads until cancelled. An index of another log than this is emptied first.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!KnowsThisLog())
            index.Reset();
        _past.Begin(LedgerTimeAtMark());
        while (true)
        {
            long size = await node.WaitBeyondAsync(index.Mark.Size, Commitment.Ordered, cancellationToken);
            while (index.Mark.Size < size)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadBlocks(index.Mark.Size, size);
            }
        }
    }

    // A recovery drops blocks, and a data directory can be exchanged.
    private bool KnowsThisLog()
    {
        var mark = index.Mark;
        return mark.Size == 0
            || (mark.Size <= node.Status.Size && Rfc6962.LeafHash(node.ReadLeaf(mark.Size - 1).Span) == mark.LastLeafHash);
    }

    private long LedgerTimeAtMark() =>
        index.Mark.Size > 0 && SealLeaf.TryParse(node.ReadLeaf(index.Mark.Size - 1), out var seal) ? seal.LedgerTimeMs : 0;

    private void ReadBlocks(long from, long size)
    {
        long at = from;
        ReadOnlyMemory<byte> seal;
        do
            seal = ReadBlock(ref at);
        while (at < size && at < from + LeavesPerTransaction);
        index.Add(new LookupAddition(_leaves, _past.Changed, _notices, new LookupMark(at, Rfc6962.LeafHash(seal.Span))));
        _past.Added();
        _leaves.Clear();
        _notices.Clear();
    }

    // The durable log ends with a seal: the block is whole.
    private ReadOnlyMemory<byte> ReadBlock(ref long at)
    {
        var accepted = new List<(long Leaf, SignedEvent Signed)>();
        while (true)
        {
            var leaf = node.ReadLeaf(at++);
            if (SealLeaf.TryParse(leaf, out var seal))
            {
                Close(seal, accepted);
                return leaf;
            }
            if (!EventLeaf.TryParse(leaf, out var parsed) || !SignedEvent.TryParse(parsed.Envelope, out var signed, out _))
                continue;
            foreach (var id in ActKinds.Prescriptions(signed.Event))
                _leaves.Add(new LookupLeaf(id.Memory, at - 1));
            if (parsed.Outcome == Outcome.Accepted && !signed.Event.PrescriptionId.IsEmpty)
                accepted.Add((at - 1, signed));
        }
    }

    // The block's events happened at its ledger time: what ended by then had ended before them.
    private void Close(SealLeaf seal, List<(long Leaf, SignedEvent Signed)> accepted)
    {
        foreach (var (state, lapse) in _past.AdvanceTo(seal.LedgerTimeMs))
        {
            int place = _notices.Count > 0 && _notices[^1].SealLeaf == seal.LeafIndex ? _notices[^1].Place + 1 : 0;
            _notices.Add(new LookupNotice(seal.LeafIndex, place, state.PrescriptionId, state.State.Issuer, lapse));
        }
        foreach (var (leaf, signed) in accepted)
            _past.Redo(signed, leaf);
    }
}
