using Google.Protobuf;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>A batch with what is known of its events' signatures.</summary>
public sealed record CheckedBatch(Batch Batch, IReadOnlyList<CheckedEvent> Events);

/// <summary>What became of one event of a batch.</summary>
/// <param name="Outcome">The contract's decision, the first one for a duplicate.</param>
/// <param name="LeafIndex">The leaf that holds it.</param>
/// <param name="Duplicate">True when it was on the ledger before.</param>
public readonly record struct EventPlace(Outcome Outcome, long LeafIndex, bool Duplicate);

/// <summary>A block made out of a batch.</summary>
/// <param name="Leaves">Event leaves, then the seal.</param>
/// <param name="LeafHashes">Their leaf hashes.</param>
/// <param name="Seal">The seal.</param>
/// <param name="Places">For each event of the batch, where it is.</param>
public sealed record ExecutedBlock(
    IReadOnlyList<ReadOnlyMemory<byte>> Leaves, Hash32[] LeafHashes, SealLeaf Seal, IReadOnlyList<EventPlace> Places)
{
    /// <summary>Number of leaves once the block is appended.</summary>
    public long SizeAfter => Seal.LeafIndex + 1;
}

/// <summary>
/// Runs the contract over batches and makes blocks: the one place where a ledger's next bytes come from. Nodes run it to
/// build blocks and auditors to rebuild them. Deterministic; not thread-safe.
/// </summary>
public sealed class BlockExecutor(StateMap state, ChainHead head)
{
    private readonly BatchJudge _judge = new(state, head);

    /// <summary>What the rules read.</summary>
    public StateMap State => state;

    /// <summary>Where the log stands.</summary>
    public ChainHead Head => head;

    /// <summary>Begins a ledger: the genesis leaf and the seal of height 0.</summary>
    public ExecutedBlock Begin(GenesisLeaf genesis)
    {
        GenesisState.Write(state, genesis);
        byte[] leaf = genesis.ToArray();
        var block = new BlockBuilder(head.Tree);
        block.Add(leaf);
        return Close(block, genesis.CreatedMs, 0, 0, [], default, []);
    }

    /// <summary>
    /// Null when the batch does not count, with the reason in <paramref name="reason"/>; nothing has changed then.
    /// An empty reason means: nothing but duplicates.
    /// </summary>
    public ExecutedBlock? Execute(CheckedBatch batch, ulong position, out string reason)
    {
        reason = _judge.FirstFault(batch) ?? "";
        if (reason.Length > 0)
            return null;
        var events = batch.Events;
        var places = new EventPlace[events.Count];
        if (events.Count > 0 && AllDuplicates(events))
            return null;
        var policy = Policy();
        var header = batch.Batch.Header;
        long time = LedgerTime.Advance(state, head.LedgerTimeMs, header);
        var block = new BlockBuilder(head.Tree);
        var skipped = new List<SkippedDuplicate>();
        for (int i = 0; i < events.Count; i++)
        {
            places[i] = FirstPlace(events[i]) ?? Apply(events[i], block, time, policy);
            if (places[i].Duplicate)
                skipped.Add(new SkippedDuplicate(i, events[i].Signed.EnvelopeHash));
        }
        return Close(block, time, header.Epoch, position, skipped, batch.Batch.HeaderBytes, places);
    }

    /// <summary>
    /// Makes a logged block again from its own leaves: to replay a log, and to audit one. The caller compares the result with
    /// what was logged. Null, with the reason, when no honest node can have made a block out of this batch.
    /// </summary>
    /// <param name="logged">The seal as logged: it gives the batch header, the skipped duplicates and the place in the ordering.</param>
    /// <param name="events">The events of the block's leaves, in order.</param>
    /// <param name="reason">What does not fit; this executor cannot go on then.</param>
    /// <param name="headerVerified">True when the caller itself verifies the header's signature, before or after.</param>
    public ExecutedBlock? Rebuild(
        SealLeaf logged, IReadOnlyList<CheckedEvent> events, out string reason, bool headerVerified = false)
    {
        if (!BatchHeader.TryParse(logged.BatchHeader, out var header))
        {
            reason = "seal: its batch header does not follow the grammar";
            return null;
        }
        var batch = new CheckedBatch(Batch.Create(logged.BatchHeader, header, [.. events.Select(e => e.Signed)]), events);
        reason = SkippedDuplicates.FirstFault(logged, header, events)
            ?? _judge.FirstFault(batch, headerVerified) ?? "";
        if (reason.Length > 0)
            return null;
        var policy = Policy();
        long time = LedgerTime.Advance(state, head.LedgerTimeMs, header);
        var block = new BlockBuilder(head.Tree);
        var places = new List<EventPlace>(events.Count);
        foreach (var e in events)
        {
            if (FirstPlace(e) is { } first)
            {
                reason = $"leaf {block.NextIndex}: a duplicate of leaf {first.LeafIndex} was logged again";
                return null;
            }
            places.Add(Apply(e, block, time, policy));
        }
        return Close(block, time, header.Epoch, logged.OrderingPosition, logged.Skipped, logged.BatchHeader, places);
    }

    /// <summary>Where an event already is on the ledger, or null.</summary>
    public EventPlace? FirstPlace(CheckedEvent checkedEvent)
    {
        var signed = checkedEvent.Signed;
        var act = signed.Event;
        if (FirstAccepted(signed) is { } first)
            return new EventPlace(Outcome.Accepted, (long)first.LeafIndex, true);
        var refused = state.Find<Refused>(EntityKind.Refused, signed.EventId.Span);
        if (refused is null || RefusedEvents.IsForgotten(refused, head.LedgerTimeMs, head.Height))
            return null;
        return new EventPlace(refused.Outcome, (long)refused.LeafIndex, true);
    }

    private ActRef? FirstAccepted(SignedEvent signed)
    {
        var act = signed.Event;
        if (ActKinds.IsSide(act))
        {
            return state.Find<SideActs>(EntityKind.SideActs, ActKinds.SideActsId(act))?.Acts
                .FirstOrDefault(a => a.EventId.Span.SequenceEqual(signed.EventId.Span));
        }
        var acts = CredentialActs.PractitionerId(act) is { } practitionerId
            ? state.Find<Practitioner>(EntityKind.Practitioner, practitionerId.Span)?.Acts
            : state.Find<Prescription>(EntityKind.Prescription, act.PrescriptionId.Span)?.Acts;
        return acts is not null && act.Sequence >= 1 && act.Sequence <= acts.Count
            && acts[(int)act.Sequence - 1] is { } first && first.EventId.Span.SequenceEqual(signed.EventId.Span) ? first : null;
    }

    private bool AllDuplicates(IReadOnlyList<CheckedEvent> events)
    {
        foreach (var e in events)
        {
            if (FirstPlace(e) is null)
                return false;
        }
        return true;
    }

    private EventPlace Apply(CheckedEvent checkedEvent, BlockBuilder block, long timeMs, Policy policy)
    {
        var signed = checkedEvent.Signed;
        long leafIndex = block.NextIndex;
        var decision = Decide(checkedEvent, leafIndex, timeMs, policy);
        var leafHash = block.Add(new EventLeaf(decision.Outcome, signed.Bytes).ToArray());
        foreach (var change in decision.Changes)
        {
            if (change.Kind != EntityKind.Prescription)
                Write(change);
        }
        if (decision.Outcome != Outcome.Accepted)
            RefusedEvents.Remember(state, head, signed, decision.Outcome, leafIndex, timeMs, policy);
        foreach (var id in ActKinds.Prescriptions(signed.Event))
            PrescriptionHistory.Extend(state, head, id.Span, Changed(decision, id), leafHash);
        return new EventPlace(decision.Outcome, leafIndex, false);
    }

    private static Prescription? Changed(Decision decision, ByteString id) => (Prescription?)decision.Changes
        .FirstOrDefault(change => change.Kind == EntityKind.Prescription && id.Span.SequenceEqual(change.Id))?.Value;

    private Decision Decide(CheckedEvent checkedEvent, long leafIndex, long timeMs, Policy policy)
    {
        var act = checkedEvent.Signed.Event;
        var contract = Contracts.ForVersion(policy.ContractVersion)
            ?? throw new NotSupportedException($"Contract version {policy.ContractVersion} is in force but not known to this program: upgrade it.");
        var input = new Act(act, checkedEvent.Signed.EventId.ToArray(), checkedEvent.StatementValid);
        var decision = contract.Apply(state, input, new ApplyContext(timeMs, (ulong)leafIndex));
        return decision.Changes.Any(NeedsFullBucket) ? new Decision(Outcome.LimitReached, []) : decision;
    }

    private bool NeedsFullBucket(StateChange change) =>
        change.Value is not null && !RefusedEvents.HasRoom(state, head, change.Kind, change.Id, Bucket.MaxEntries);

    private void Write(StateChange change)
    {
        if (change.Value is null)
            state.Delete(change.Kind, change.Id);
        else
            state.Put(change.Kind, change.Id, change.Value);
    }

    private Policy Policy() => state.Find<Policy>(EntityKind.Policy, GenesisState.PolicyId)
        ?? throw new InvalidOperationException("The state has no policy: the ledger was not begun.");

    private ExecutedBlock Close(
        BlockBuilder block, long timeMs, ulong epoch, ulong position,
        IReadOnlyList<SkippedDuplicate> skipped, ReadOnlyMemory<byte> header, IReadOnlyList<EventPlace> places)
    {
        var seal = new SealLeaf
        {
            Height = head.Height + 1,
            FirstLeaf = block.FirstLeaf,
            EventCount = block.Leaves.Count,
            PreviousSealHash = head.SealHash,
            TreeRoot = head.Tree.Root,
            StateRoot = state.ComputeRoot(),
            Epoch = epoch,
            OrderingPosition = position,
            LedgerTimeMs = timeMs,
            Skipped = skipped,
            BatchHeader = header,
        };
        var sealHash = block.Add(seal.ToArray());
        head.Advance(seal, sealHash, (int)Policy().BaseWindowHeights);
        return new ExecutedBlock(block.Leaves, [.. block.LeafHashes], seal, places);
    }

    /// <summary>The leaves of a block under way.</summary>
    private sealed class BlockBuilder(MerkleFrontier tree)
    {
        private readonly List<ReadOnlyMemory<byte>> _leaves = [];

        public long FirstLeaf { get; } = tree.Size;

        public long NextIndex => tree.Size;

        public List<ReadOnlyMemory<byte>> Leaves => _leaves;

        public List<Hash32> LeafHashes { get; } = [];

        public Hash32 Add(byte[] leaf)
        {
            var hash = Rfc6962.LeafHash(leaf);
            tree.Append(hash);
            _leaves.Add(leaf);
            LeafHashes.Add(hash);
            return hash;
        }
    }
}
