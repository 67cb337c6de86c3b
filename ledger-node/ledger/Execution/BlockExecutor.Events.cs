using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>One event of a block: known already, or decided and logged.</summary>
public sealed partial class BlockExecutor
{
    /// <summary>Where an event already is on the ledger, or null.</summary>
    public EventPlace? FirstPlace(CheckedEvent checkedEvent)
    {
        var signed = checkedEvent.Signed;
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
        if (ActKinds.IsAboutNetwork(act))
            return FirstAcceptedProposalAct(signed);
        if (ActKinds.IsSide(act))
        {
            return state.Find<SideActs>(EntityKind.SideActs, ActKinds.SideActsId(act))?.Acts
                .FirstOrDefault(a => a.EventId.Span.SequenceEqual(signed.EventId.Span));
        }
        var acts = ActKinds.PractitionerId(act) is { } practitionerId
            ? state.Find<Practitioner>(EntityKind.Practitioner, practitionerId.Span)?.Acts
            : state.Find<Prescription>(EntityKind.Prescription, act.PrescriptionId.Span)?.Acts;
        return acts is not null && act.Sequence >= 1 && act.Sequence <= acts.Count
            && acts[(int)act.Sequence - 1] is { } first && first.EventId.Span.SequenceEqual(signed.EventId.Span) ? first : null;
    }

    // A proposal is kept under the id of its Propose, with the id of each Vote.
    private ActRef? FirstAcceptedProposalAct(SignedEvent signed)
    {
        var id = signed.Event.Vote is { } cast ? cast.ProposalId.Span : signed.EventId.Span;
        if (state.Find<Proposal>(EntityKind.Proposal, id) is not { } proposal)
            return null;
        if (signed.Event.Vote is null)
            return new ActRef { LeafIndex = proposal.LeafIndex };
        return proposal.Votes.FirstOrDefault(vote => vote.EventId.Span.SequenceEqual(signed.EventId.Span)) is { } vote
            ? new ActRef { LeafIndex = vote.LeafIndex } : null;
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

    private EventPlace Apply(CheckedEvent checkedEvent, BlockBuilder block, long timeMs, Policy policy, IContract contract)
    {
        var signed = checkedEvent.Signed;
        long leafIndex = block.NextIndex;
        var decision = Decide(checkedEvent, leafIndex, timeMs, contract);
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
        Applied?.Invoke(leafIndex);
        return new EventPlace(decision.Outcome, leafIndex, false);
    }

    private static Prescription? Changed(Decision decision, ByteString id) => (Prescription?)decision.Changes
        .FirstOrDefault(change => change.Kind == EntityKind.Prescription && id.Span.SequenceEqual(change.Id))?.Value;

    private Decision Decide(CheckedEvent checkedEvent, long leafIndex, long timeMs, IContract contract)
    {
        var act = checkedEvent.Signed.Event;
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

    // The rules do not write the format of quorums: they say how many validators, and this says it as a tlog-policy.
    // No bucket is too full for it: what a quorum voted for cannot be hindered by whoever fills buckets.
    private void CloseBlock(IContract contract, long timeMs, long leafAfterSeal)
    {
        foreach (var change in contract.CloseBlock(state, new ApplyContext(timeMs, (ulong)leafAfterSeal)))
        {
            if (change.Value is ValidatorEra era)
                era.Quorum = ValidatorSet.WriteQuorum(Network().Origin, era);
            Write(change);
        }
    }
}
