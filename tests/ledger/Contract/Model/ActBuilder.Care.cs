using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>Issue, reviews, claims and what a holder does.</content>
internal sealed partial class ActBuilder
{
    private Event IssueOf(StepKind kind, Step step)
    {
        string hospital = Pick(Network.Hospitals, step.Who);
        Event e = world.LifecycleBy(hospital, Role.Hospital, Prescriber(hospital, step.N));
        (e.Sequence, e.PreviousEventId, e.TimeMs) = (1, ByteString.Empty, world.Now);
        e.Issue = new Issue
        {
            NotBeforeMs = world.Now + (step.M == 6 ? World.Hour : 0),
            ContentCommitment = World.Hash("content"),
            TokenKey = step.N == 7 ? ByteString.Empty : World.PublicKey(World.TokenName),
            Nominee = step.M % 4 == 1 ? Pick(Network.Pharmacies, step.N) : "",
            ContentCustodian = step.M switch { 2 => "pharmacy-b", 5 => "insurer-2", _ => "" },
        };
        long tooLong = (2 * World.Day) + 1;
        e.Issue.NotAfterMs = e.Issue.NotBeforeMs + (step is { M: 7, N: 4 } ? tooLong : step.N == 5 ? 3 * World.Hour : World.Day);
        if (step.N == 6 && step.M == 3) (e.Issue.NotBeforeMs, e.Issue.NotAfterMs) = (world.Now - World.Hour, world.Now);
        e.Issue.Lines.Add(Lines(step));
        if (kind == StepKind.IssueInGroup) e.Issue.Group = GroupOf(step);
        if (kind == StepKind.IssueReplacing) e.Issue.Replaces = ReplacedOr(hospital, step);
        if (kind == StepKind.IssueCovering) e.Issue.Covers = CoveredOr(step);
        if (e.Issue.Replaces == world.Rx) e.Issue.Replaces = ByteString.Empty;
        if (e.Issue.Covers == world.Rx) e.Issue.Covers = ByteString.Empty;
        return e;
    }

    private static IEnumerable<Line> Lines(Step step) =>
        new[] { (uint)step.N + 2, (uint)(step.M % 3) + 1 }.Select((units, line) => new Line
        {
            Commitment = World.Hash("line"),
            Units = units,
            SubstitutionForbidden = step.N % 2 == 1 && line == 1,
        });

    private Group GroupOf(Step step)
    {
        ByteString after = SlotId(step.N);
        bool first = step.N >= 6 || after == world.Rx;
        return new Group
        {
            GroupId = World.Id("group-" + (step.M % 3)),
            Number = (uint)(step.N % 4) + 1,
            Of = step.M == 7 ? 5u : 4,
            AfterId = first ? ByteString.Empty : after,
        };
    }

    private ByteString ReplacedOr(string hospital, Step step)
    {
        int[] own = [.. Enumerable.Range(0, Slots).Where(s => At(s)?.Issuer == hospital && MakesSense(StepKind.Cancel, At(s)))];
        return SlotId(own.Length == 0 || step.M == 7 ? step.N : own[step.M % own.Length]);
    }

    private ByteString CoveredOr(Step step)
    {
        int[] open = [.. Enumerable.Range(0, Slots).Where(s => At(s) is { Issuer.Length: 0, Supplies.Count: > 0 })];
        return SlotId(open.Length == 0 || step.M == 7 ? step.N : open[step.M % open.Length]);
    }

    private Event CareOf(StepKind kind, Step step)
    {
        if (kind <= StepKind.Reject) return ReviewOf(kind, step);
        if (kind is >= StepKind.ClaimByToken and <= StepKind.ClaimByOverride) return ClaimOf(kind, step);
        string holder = Or(Rx.Holder, Network.Pharmacies, step.Who);
        string issuer = Or(Rx.Issuer, Network.Hospitals, step.Who);
        switch (kind)
        {
            case StepKind.Confirm:
                return With(world.LifecycleBy(issuer, Role.Hospital, PrescriberOf(Rx) ?? Prescriber(issuer, step.N)),
                    e => e.Confirm = new Confirm { AnswerCommitment = World.Hash("answer") });
            case StepKind.Cancel:
                return With(world.LifecycleBy(issuer, Role.Hospital), e => e.Cancel = new Cancel { ReasonCode = Reason });
            case StepKind.PatientCancel:
                string through = Pick(Network.Pharmacies, step.N);
                return With(world.LifecycleBy(through, Role.Pharmacy),
                    e => e.Cancel = new Cancel { ReasonCode = Reason, Token = TokenOf(Rx.TokenKey) });
            case StepKind.Dispense:
                Event dispense = world.LifecycleBy(holder, Role.Pharmacy, Pharmacist(holder, step.N));
                dispense.Dispense = new Dispense { Items = { Items(step) }, ContentCommitment = World.Hash("record"), Payer = Payer(step) };
                return dispense;
            default:
                return With(world.LifecycleBy(holder, Role.Pharmacy), e =>
                {
                    if (kind == StepKind.Extend) e.ExtendClaim = new ExtendClaim();
                    if (kind == StepKind.Return) e.ReturnClaim = new ReturnClaim { ReasonCode = Reason };
                    if (kind == StepKind.Close) e.Close = new Close { ReasonCode = Reason };
                });
        }
    }

    private static string? PrescriberOf(Prescription rx) =>
        Network.People.Keys.FirstOrDefault(name => World.Id(name) == rx.PrescriberId);

    private Event ReviewOf(StepKind kind, Step step)
    {
        bool claimed = StatusOf(Rx) == PrescriptionStatus.Claimed;
        string[] before = ["hospital", "hospital", "clinic", "pharmacy-b"];
        string reviewer = claimed ? Or(Rx.Holder, Network.Pharmacies, step.Who) : before[step.Who];
        Role role = reviewer[0] == 'p' || claimed ? Role.Pharmacy : Role.Hospital;
        Verdict verdict = kind switch
        {
            StepKind.Approve => Verdict.Approve,
            StepKind.Query => Verdict.Query,
            _ => Verdict.Reject,
        };
        return With(world.LifecycleBy(reviewer, role, Pharmacist(reviewer, step.N)), e =>
            e.Review = new Review { Verdict = verdict, ReasonCode = verdict == Verdict.Approve ? 0 : Reason });
    }

    private Event ClaimOf(StepKind kind, Step step)
    {
        string pharmacy = Pick(Network.Pharmacies, step.Who + (step.M / 3));
        if (kind == StepKind.ClaimByToken && Rx.BoundPharmacy.Length > 0) pharmacy = Or(Rx.BoundPharmacy, Network.Pharmacies, step.Who);
        if (kind == StepKind.ClaimAsNominee) pharmacy = Or(Rx.Nominee, Network.Pharmacies, step.Who);
        Event e = world.LifecycleBy(pharmacy, Role.Pharmacy);
        e.Claim = new Claim { ClaimNumber = Rx.Claims + 1 };
        if (kind == StepKind.ClaimByToken) e.Claim.Token = TokenOf(Rx.TokenKey);
        if (kind == StepKind.ClaimAsNominee) e.Claim.Nominee = new NomineeAuthority();
        if (kind == StepKind.ClaimByPresence) e.Claim.Presence = PresenceOf(step);
        if (kind == StepKind.ClaimByOverride) e.Claim.Override = new OverrideAuthority { ReasonCode = Reason };
        return e;
    }

    private PresenceAuthority PresenceOf(Step step) => new()
    {
        Payer = step.M == 7 ? "insurer-2" : World.Insurer,
        PayerKey = World.PublicKey(step.M == 6 ? "insurer-2" : step.M == 7 ? "nobody" : World.Insurer),
        AttestedMs = world.Now + new[] { 0, 0, -5, -30, -31, 4, 6, 0 }[step.N] * World.Minute,
        Signature = ByteString.CopyFrom(new byte[64]),
    };
}
