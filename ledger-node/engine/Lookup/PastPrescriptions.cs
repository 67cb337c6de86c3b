using Google.Protobuf;
using RxChain.Engine.Ports;
using RxChain.Ledger.Envelopes;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Engine;

/// <summary>
/// Prescriptions as they were at the leaf that is being read. The node's state is ahead of it, so the contract carries the
/// accepted acts out once more, on what the index has. Packs are left out: no more is known of them here than that the act
/// was accepted, so nothing that they decide (marks) can be read from these states.
/// </summary>
internal sealed class PastPrescriptions(ILedgerNode node, ILookupIndex index) : IStateReader
{
    private const int MaxKept = 8_192;

    private readonly Dictionary<ByteString, LookupState> _changed = [];
    private readonly Dictionary<ByteString, Prescription> _kept = [];
    private long _nextLapseMs = long.MaxValue;
    private long _nowMs;
    private Policy? _policy;

    /// <summary>What differs from the index.</summary>
    public IReadOnlyList<LookupState> Changed => [.. _changed.Values];

    /// <summary>Begins at the index' mark.</summary>
    public void Begin(long ledgerTimeMs)
    {
        _changed.Clear();
        _kept.Clear();
        (_nowMs, _nextLapseMs) = (ledgerTimeMs, index.NextLapseAfter(ledgerTimeMs));
    }

    /// <summary>The index has what had changed.</summary>
    public void Added()
    {
        if (_kept.Count + _changed.Count > MaxKept)
            _kept.Clear();
        foreach (var (id, changed) in _changed)
            _kept[id] = changed.State;
        _changed.Clear();
        _nextLapseMs = index.NextLapseAfter(_nowMs);
    }

    /// <summary>Moves ledger time on. Gives what ended on the way, in the order of moments, then of issue.</summary>
    public IReadOnlyList<(LookupState State, Lapse Lapse)> AdvanceTo(long ledgerTimeMs)
    {
        long beforeMs = _nowMs;
        (_nowMs, _policy) = (ledgerTimeMs, null);
        if (ledgerTimeMs < _nextLapseMs)
            return [];
        LookupState[] lapsing =
        [
            .. index.FindLapsing(beforeMs, ledgerTimeMs).Where(state => !_changed.ContainsKey(Key(state.PrescriptionId.Span))),
            .. _changed.Values.Where(state => state.NextLapseMs <= ledgerTimeMs),
        ];
        var ended = lapsing
            .SelectMany(state => PrescriptionLapses.Of(state.State), (state, lapse) => (State: state, Lapse: lapse))
            .Where(found => found.Lapse.MomentMs > beforeMs && found.Lapse.MomentMs <= ledgerTimeMs)
            .OrderBy(found => found.Lapse.MomentMs).ThenBy(found => found.State.State.Acts[0].LeafIndex)
            .ToArray();
        foreach (var state in lapsing)
            Change(Key(state.PrescriptionId.Span), state.State);
        _nextLapseMs = _changed.Values.Select(state => state.NextLapseMs).Append(index.NextLapseAfter(ledgerTimeMs)).Min();
        return ended;
    }

    /// <summary>Carries out an accepted act.</summary>
    public void Redo(SignedEvent signed, long leaf)
    {
        var act = new Act(signed.Event, signed.EventId.ToArray(), StatementValid: true);
        // One policy for the whole block.
        _policy ??= PolicyAt((ulong)leaf);
        var contract = Contracts.ForVersion(_policy.ContractVersion)
            ?? throw new NotSupportedException($"Contract version {_policy.ContractVersion} is not known to this program: upgrade it.");
        var decision = contract.Redo(this, act, new ApplyContext(_nowMs, (ulong)leaf));
        if (decision.Outcome != Outcome.Accepted)
            throw new InvalidOperationException($"Leaf {leaf} was accepted, but the rules say {decision.Outcome} when they are asked again.");
        foreach (var change in decision.Changes)
        {
            if (change is { Kind: EntityKind.Prescription, Value: Prescription state })
                Change(ByteString.CopyFrom(change.Id), WithoutPacks(state));
        }
    }

    /// <inheritdoc/>
    public T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new() => kind switch
    {
        EntityKind.Prescription => (T?)(object?)FindPrescription(Key(id)),
        EntityKind.Policy => (T)(object)_policy!,
        EntityKind.Organisation or EntityKind.Key => node.ReadState<T>(kind, id.ToArray()).Value,
        _ => null,
    };

    // The state is ahead of what is read, but keeps every change of the policy. Organisations and keys have their intervals.
    private Policy PolicyAt(ulong leaf)
    {
        var network = node.ReadState<NetworkRecord>(EntityKind.Network, EntityIds.Network.ToArray()).Value!;
        if (network.PolicyChanges.LastOrDefault(change => change.FromLeaf <= leaf) is not { } last)
            return node.Genesis.Policy;
        var proposal = node.ReadState<Proposal>(EntityKind.Proposal, last.ProposalId.Memory).Value!;
        return PolicyRules.TryParse(proposal.Change.SetPolicy.Policy.Span, out var policy)
            ? policy : throw new InvalidOperationException("A policy in force cannot be read.");
    }

    private Prescription? FindPrescription(ByteString id)
    {
        if (_changed.TryGetValue(id, out var changed))
            return changed.State;
        if (_kept.TryGetValue(id, out var kept))
            return kept;
        return index.FindState(id.Memory);
    }

    private void Change(ByteString id, Prescription state)
    {
        long nextMs = PrescriptionLapses.NextAfter(state, _nowMs);
        _changed[id] = new LookupState(id.Memory, state, nextMs);
        _nextLapseMs = Math.Min(_nextLapseMs, nextMs);
    }

    private static Prescription WithoutPacks(Prescription state)
    {
        foreach (var supply in state.Supplies)
        {
            foreach (var item in supply.Items)
                item.Packs.Clear();
        }
        return state;
    }

    private static ByteString Key(ReadOnlySpan<byte> id) => ByteString.CopyFrom(id);
}
