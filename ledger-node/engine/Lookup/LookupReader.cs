using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Engine;

/// <summary>
/// Feeds a lookup index from the durable log, behind the node's back. What prescriptions look like is read from the
/// state, so the index knows no rules: it may be ahead of its mark, never behind it.
/// </summary>
public sealed class LookupReader(ILedgerNode node, ILookupIndex index)
{
    private const int MaxLeavesPerTransaction = 2048;

    /// <summary>Reads until cancelled. An index of another log than this is emptied first.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!KnowsThisLog())
            index.Reset();
        while (true)
        {
            long size = await node.WaitBeyondAsync(index.Mark.Size, Commitment.Ordered, cancellationToken);
            while (index.Mark.Size < size)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AddUpTo(Math.Min(size, index.Mark.Size + MaxLeavesPerTransaction));
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

    private void AddUpTo(long size)
    {
        var leaves = new List<LookupLeaf>();
        var changed = new HashSet<ReadOnlyMemory<byte>>(PrescriptionIdComparer.Instance);
        ReadOnlyMemory<byte> leaf = default;
        for (long at = index.Mark.Size; at < size; at++)
        {
            leaf = node.ReadLeaf(at);
            if (!EventLeaf.TryParse(leaf, out var parsed) || !SignedEvent.TryParse(parsed.Envelope, out var signed, out _))
                continue;
            foreach (var id in ActKinds.Prescriptions(signed.Event))
            {
                leaves.Add(new LookupLeaf(id.Memory, at));
                if (parsed.Outcome == Outcome.Accepted)
                    changed.Add(id.Memory);
            }
        }
        index.Add(leaves, [.. changed.Select(Read)], new LookupMark(size, Rfc6962.LeafHash(leaf.Span)));
    }

    private LookupState Read(ReadOnlyMemory<byte> id) => new(
        id, node.ReadState<Prescription>(EntityKind.Prescription, id).Value
            ?? throw new InvalidOperationException($"Prescription {Convert.ToHexStringLower(id.Span)} is on the ledger but not in the state."));

    private sealed class PrescriptionIdComparer : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static readonly PrescriptionIdComparer Instance = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> id)
        {
            var hash = new HashCode();
            hash.AddBytes(id.Span);
            return hash.ToHashCode();
        }
    }
}
