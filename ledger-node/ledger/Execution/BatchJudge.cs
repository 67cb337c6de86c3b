using System.Text;
using Google.Protobuf;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Keys;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>
/// Decides whether a put counts: a batch signed by a current validator for this network and epoch, whose base is one of
/// the last blocks, and whose every event is well signed by registered keys. Depends on the bytes and the state alone.
/// </summary>
internal sealed class BatchJudge(StateMap state, ChainHead head)
{
    // Node keys of validators, each imported once: importing costs more than a verification.
    private readonly Dictionary<ByteString, Ed25519PublicKey?> _nodeKeys = [];

    /// <summary>Why the batch does not count, or null.</summary>
    /// <param name="batch">The batch with what is known of its events' signatures.</param>
    /// <param name="headerVerified">True when the header's signature is verified elsewhere.</param>
    public string? FirstFault(CheckedBatch batch, bool headerVerified = false)
    {
        var header = batch.Batch.Header;
        string origin = Origin();
        if (header.Network != origin)
            return $"batch: made for network {header.Network}, not {origin}";
        if (header.Epoch != head.Epoch)
            return $"batch: made for epoch {header.Epoch}, not {head.Epoch}";
        if (!head.HasRecent(header.BaseHeight, header.BaseSealHash))
            return $"batch: its base, height {header.BaseHeight}, is not one of the last blocks of this log";
        if (NodeKey(header.Proposer) is not { } nodeKey)
            return $"batch: {header.Proposer} is not a validator";
        if (!headerVerified && !HeaderIsSigned(batch.Batch, nodeKey))
            return $"batch: the header's signature is not by the node key of {header.Proposer}";
        if (batch.Events.Count == 0 && header.ClockMs <= LedgerTime.ReportedMs(state, header.Proposer))
            return $"batch: an empty batch of {header.Proposer} whose clock is not later than its last";
        return FirstBadEvent(batch.Events, origin);
    }

    /// <summary>
    /// What a batch says against this log, or null: its proposer, a validator, has another block at the height of its base, or
    /// one where this log has none yet, or a later epoch. In one order, read by both, that cannot be.
    /// </summary>
    public string? Contradiction(Batch batch)
    {
        var header = batch.Header;
        if (header.Epoch < head.Epoch || header.Network != Origin())
            return null;
        var own = head.RecentSeal(header.BaseHeight);
        bool knowsOther = own is null ? header.BaseHeight > head.Height : own != header.BaseSealHash;
        if (!(knowsOther || header.Epoch > head.Epoch) || NodeKey(header.Proposer) is not { } nodeKey || !HeaderIsSigned(batch, nodeKey))
            return null;
        return header.Epoch > head.Epoch
            ? $"{header.Proposer} is in epoch {header.Epoch}, this node in {head.Epoch}"
            : $"{header.Proposer} has seal {header.BaseSealHash} at height {header.BaseHeight}, this node {own?.ToString() ?? "no block"}";
    }

    private string Origin() => state.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network)!.Origin;

    // Null when it is not a validator.
    private ByteString? NodeKey(string proposer) =>
        state.Find<Organisation>(EntityKind.Organisation, Encoding.UTF8.GetBytes(proposer)) is { NodeKey: { IsEmpty: false } key } ? key : null;

    private string? FirstBadEvent(IReadOnlyList<CheckedEvent> events, string origin)
    {
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i].Verdict != SignatureVerdict.Valid)
                return $"batch: event {i}: a signature does not verify";
            if (events[i].Signed.Event.Network != origin)
                return $"batch: event {i}: made for network {events[i].Signed.Event.Network}, not {origin}";
            foreach (var keyId in events[i].Signed.Event.KeyIds)
            {
                if (state.Find<Key>(EntityKind.Key, keyId.Span) is null)
                    return $"batch: event {i}: key {Convert.ToHexStringLower(keyId.Span)} was never registered";
            }
        }
        return null;
    }

    private bool HeaderIsSigned(Batch batch, ByteString nodeKey)
    {
        if (!_nodeKeys.TryGetValue(nodeKey, out var key))
            _nodeKeys[nodeKey] = key = Ed25519PublicKey.TryImport(nodeKey.Span, out var imported) ? imported : null;
        return key is not null && BatchHeader.IsSignedBy(key, batch.HeaderBytes.Span);
    }
}
