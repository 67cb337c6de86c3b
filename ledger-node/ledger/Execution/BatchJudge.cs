using System.Text;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>
/// Decides whether a put counts: a batch signed by a current validator for this network and epoch, whose base is one of
/// the last blocks, and whose every event is well signed by registered keys. Depends on the bytes and the state alone.
/// </summary>
internal sealed class BatchJudge(StateMap state, ChainHead head)
{
    /// <summary>Why the batch does not count, or null.</summary>
    public string? FirstFault(CheckedBatch batch)
    {
        var header = batch.Batch.Header;
        if (PlacementFault(header) is { } fault)
            return fault;
        if (!Ed25519PublicKey.TryImport(FindValidator(header)!.NodeKey.Span, out var nodeKey)
            || !BatchHeader.IsSignedBy(nodeKey, batch.Batch.HeaderBytes.Span))
            return $"batch: the header's signature is not by the node key of {header.Proposer}";
        return FirstBadEvent(batch.Events);
    }

    /// <summary>Why a batch with this header does not count, whoever signed it, or null.</summary>
    public string? PlacementFault(BatchHeader header)
    {
        var network = state.Find<NetworkRecord>(EntityKind.Network, GenesisState.NetworkId)!;
        if (header.Network != network.Origin)
            return $"batch: made for network {header.Network}, not {network.Origin}";
        if (header.Epoch != head.Epoch)
            return $"batch: made for epoch {header.Epoch}, not {head.Epoch}";
        if (!head.HasRecent(header.BaseHeight, header.BaseSealHash))
            return $"batch: its base, height {header.BaseHeight}, is not one of the last blocks of this log";
        if (FindValidator(header) is null)
            return $"batch: {header.Proposer} is not a validator";
        return header.EnvelopeHashes.Count == 0 && header.ClockMs <= LedgerTime.ReportedMs(state, header.Proposer)
            ? $"batch: an empty batch of {header.Proposer} whose clock is not later than its last" : null;
    }

    private Organisation? FindValidator(BatchHeader header) =>
        state.Find<Organisation>(EntityKind.Organisation, Encoding.UTF8.GetBytes(header.Proposer)) is { NodeKey.IsEmpty: false } found
            ? found : null;

    private string? FirstBadEvent(IReadOnlyList<CheckedEvent> events)
    {
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i].Verdict != SignatureVerdict.Valid)
                return $"batch: event {i}: a signature does not verify";
            foreach (var keyId in events[i].Signed.Event.KeyIds)
            {
                if (state.Find<Key>(EntityKind.Key, keyId.Span) is null)
                    return $"batch: event {i}: key {Convert.ToHexStringLower(keyId.Span)} was never registered";
            }
        }
        return null;
    }
}
