using RxChain.Prescriptions.Events;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

public partial class OutcomeTests
{
    private static readonly Dictionary<Outcome, Func<World, Outcome>> Ways = new()
    {
        [Outcome.NotAuthorised] = w => w.Do(Changed(w.Issue(), e => e.Role = Role.Pharmacy)),
        [Outcome.KeyNotOfActor] = w => w.Do(Changed(w.Issue(), e => e.KeyIds[1] = World.KeyOf("dr-wilson"))),
        [Outcome.KeyRevoked] = w => With(w, () => w.Key("dr-house").ValidUntil = w.Leaf).Do(w.Issue()),
        [Outcome.CustodyTooWeak] = w => With(w, () => w.Policy.LeastCustody = Custody.Card).Do(w.Issue()),
        [Outcome.PractitionerUnknown] = w => w.Do(Changed(w.Issue(), e => e.AuthorId = World.Id("nobody"))),
        [Outcome.PractitionerSuspended] = w => w.Done(w.Suspend("dr-house")).Do(w.Issue()),
        [Outcome.PractitionerNotAtOrganisation] = w => w.Do(Changed(w.Issue(), e => e.AuthorId = World.Id("pharmacist-b"))),
        [Outcome.ProfessionNotAllowed] = w => w.Do(Changed(w.Issue(), e => Sign(e, "ward-pharmacist"))),
        [Outcome.TimeInFuture] = w => w.Do(Changed(w.Issue(), e => e.TimeMs += 6 * World.Minute)),
        [Outcome.TimeTooOld] = w => w.Do(Changed(w.Issue(), e => e.TimeMs -= 16 * World.Minute)),
        [Outcome.ReportedTooLate] = w => w.Done(w.Issue()).Done(w.Claim())
            .Do(w.RecordSupply(w.Now - w.Policy.ReportingPeriodMs - 1, World.Item(0, 1))),
        [Outcome.NotFound] = w => w.Do(w.Claim()),
        [Outcome.AlreadyExists] = w => w.Done(w.Issue()).Do(w.Issue()),
        [Outcome.Stale] = w => w.Done(w.Issue()).Do(Changed(w.Claim(), e => e.Sequence++)),
        [Outcome.TimeBeforePredecessor] = w => w.Done(w.Issue()).Do(Changed(w.Claim(), e => e.TimeMs--)),
        [Outcome.HeadUnknown] = w => w.Done(w.Issue()).Do(Changed(w.RecordAccess(), e => e.Sequence++)),
        [Outcome.ReplacedNotFound] = w => w.Do(Changed(w.Issue(), e => e.Issue.Replaces = World.Id("none"))),
        [Outcome.CoveredNotFound] = w => w.Do(Changed(w.Issue(), e => e.Issue.Covers = World.Id("none"))),
        [Outcome.DispenseNotFound] = w => w.Done(w.Issue()).Do(w.Correct(World.Hash("none"))),
        [Outcome.DisputeNotFound] = w => w.Done(w.Issue()).Do(w.ResolveDispute(World.Hash("none"))),
        [Outcome.ActNotFound] = w => w.Done(w.Issue()).Do(w.OpenDispute(World.Hash("none"))),
        [Outcome.NotIssuer] = w => w.Done(w.Issue()).Do(Changed(w.Cancel(), e => ActAs(e, "hospital-2"))),
        [Outcome.NotDispenser] = w => Supplied(w).Do(Changed(w.Correct(w.LastSupply), e => ByPharmacyB(e))),
        [Outcome.NotPayer] = w => Supplied(w).Do(w.Settle(w.LastSupply)),
        [Outcome.NotCustodian] = w =>
            w.Done(Changed(w.Issue(), e => e.Issue.ContentCustodian = "hospital-2")).Done(w.Cancel()).Do(w.Erase()),
        [Outcome.NotAParty] = w => w.Done(w.Issue()).Do(w.OpenDispute(w.Head, "pharmacy-b", Role.Pharmacy)),
        [Outcome.NotOpener] = w => Disputed(w).Do(w.WithdrawDispute(w.LastDispute, "regulator", Role.Regulator)),
        [Outcome.TokenInvalid] = w => w.Done(w.Issue()).Do(w.Claim(), tokenValid: false),
        [Outcome.TokenReplaced] = w => w.Done(w.Issue()).Done(w.ReplaceToken()).Do(w.Claim()),
        [Outcome.TokenBoundElsewhere] = w => w.Done(w.Issue()).Done(w.BindToken("pharmacy-b")).Do(w.Claim()),
        [Outcome.NotNominee] = w => w.Done(w.Issue()).Do(w.ClaimAsNominee("pharmacy-a")),
        [Outcome.PresenceInvalid] = w => w.Done(w.Issue()).Do(w.ClaimByPresence(), tokenValid: false),
        [Outcome.PresenceTooOld] = w =>
            With(w, () => w.Policy.PresencePeriodMs = 0).Done(w.Issue()).Do(w.ClaimByPresence()),
        [Outcome.OverrideNotAllowed] = w => w.Done(w.Issue()).Do(w.ClaimByOverride()),
        [Outcome.ClaimNumberWrong] = w => w.Done(w.Issue()).Do(Changed(w.Claim(), e => e.Claim.ClaimNumber++)),
        [Outcome.NoClaimThen] = w => w.Done(w.Issue()).Do(w.RecordSupply(w.Now, World.Item(0, 1))),
        [Outcome.Cancelled] = w => w.Done(w.Issue()).Done(w.Cancel()).Do(w.Claim()),
        [Outcome.Completed] = w => w.Done(w.Issue()).Done(w.Claim()).Done(w.Close()).Do(w.Claim()),
        [Outcome.Rejected] = w => Reviewed(w, Verdict.Reject).Do(w.Claim()),
        [Outcome.Expired] = w => With(w.Done(w.Issue()), () => w.Now += World.Day).Do(w.Claim()),
        [Outcome.WrongState] = w => w.Done(w.Issue()).Done(w.Claim()).Do(w.Claim()),
        [Outcome.Held] = w => w.Done(w.Issue()).Done(w.Hold(w.Now + 1)).Do(w.Claim()),
        [Outcome.NotHeld] = w => w.Done(w.Issue()).Do(w.LiftHold()),
        [Outcome.ClaimedByAnother] = w => w.Done(w.Issue()).Done(w.Claim()).Do(w.Claim("pharmacy-b")),
        [Outcome.NotHolder] = w => w.Done(w.Issue()).Do(w.Dispense(1)),
        [Outcome.NotYetValid] = w => w.Done(Changed(w.Issue(), e => e.Issue.NotBeforeMs++)).Do(w.Claim()),
        [Outcome.CancellationPending] = w => w.Done(w.Issue()).Done(w.Claim()).Done(w.Cancel()).Do(w.Dispense(1)),
        [Outcome.QueryOpen] = w => Reviewed(w, Verdict.Query).Do(w.WardReview(Verdict.Approve)),
        [Outcome.NoQuery] = w => w.Done(w.Issue()).Do(w.Confirm()),
        [Outcome.ReviewMissing] = w => With(w, () => w.Policy.ApprovalsBeforeClaim = 1).Done(w.Issue()).Do(w.Claim()),
        [Outcome.ReviewerNotAllowed] = w => With(w, () => w.Policy.Reviewers.Add("hospital-2"))
            .Done(Unreviewed(w)).Do(w.WardReview(Verdict.Approve)),
        [Outcome.ReviewerNotIndependent] = w =>
            With(w, () => w.Policy.ApprovalsBeforeClaim = 2).Done(w.Issue()).Done(w.WardReview(Verdict.Approve))
                .Do(w.WardReview(Verdict.Approve)),
        [Outcome.PredecessorUnfinished] = w => w.Done(Repeat(w.Issue(), 1, "rx-0")).Do(w.Claim()),
        [Outcome.GroupMismatch] = w => With(w.Done(Repeat(w.Issue(), 1)), () => w.Rx = World.Id("rx-2"))
            .Do(Changed(Repeat(w.Issue(), 2), e => e.Issue.Group.Of++)),
        [Outcome.AlreadyCovered] = w => Emergency(w, 1).Done(Covering(w, "rx-1")).Do(Covering(w, "rx-2")),
        [Outcome.CoverMismatch] = w => Emergency(w, 11).Do(Covering(w, "rx-1")),
        [Outcome.DispenseReversed] = w =>
            Supplied(w).Done(w.Reverse(Kind.Returned, w.LastSupply)).Do(w.Correct(w.LastSupply)),
        [Outcome.ReversalTooLate] = w => With(Supplied(w), () => w.Now += w.Policy.ReversalPeriodMs + 1)
            .Do(w.Reverse(Kind.NotHandedOver, w.LastSupply)),
        [Outcome.SupplyAlreadyRecorded] = w => w.Done(w.Issue()).Done(w.Claim())
            .Done(w.RecordSupply(w.Now, World.Item(0, 1))).Do(w.RecordSupply(w.Now, World.Item(0, 2))),
        [Outcome.LineUnknown] = w => w.Done(w.Issue()).Done(w.Claim()).Do(w.Dispense(World.Item(1, 1))),
        [Outcome.SubstitutionForbidden] = w =>
            w.Done(Changed(w.Issue(), e => e.Issue.Lines[0].SubstitutionForbidden = true)).Done(w.Claim())
                .Do(Changed(w.Dispense(1), e => e.Dispense.Items[0].SubstitutionCode = 1)),
        [Outcome.UnitsExceeded] = w => w.Done(w.Issue(10)).Done(w.Claim()).Do(w.Dispense(11)),
        [Outcome.PackCodeMissing] = w =>
            With(w, () => w.Policy.PackCodesMandatory = true).Done(w.Issue()).Done(w.Claim()).Do(w.Dispense(1)),
        [Outcome.PackKeyWrong] = w => With(w, () => w.Policy.PackKeyVersion = 2)
            .Done(w.Issue()).Done(w.Claim()).Do(w.Dispense(World.Item(0, 1, World.Pack("p", 30, 30)))),
        [Outcome.PackElsewhere] = w => PackUsed(w).Done(w.Return()).Done(w.Claim("pharmacy-b"))
            .Do(w.DispenseAt("pharmacy-b", "pharmacist-b", World.Item(0, 1, World.Pack("p", 30, 1)))),
        [Outcome.PackContentDiffers] = w => PackUsed(w).Do(w.Dispense(World.Item(0, 1, World.Pack("p", 31, 1)))),
        [Outcome.PackAlreadyUsed] = w => w.Done(w.Issue()).Done(w.Claim())
            .Do(w.Dispense(World.Item(0, 2, World.Pack("p", 30, 30), World.Pack("p", 30, 30)))),
        [Outcome.PayerUnknown] = w => w.Done(w.Issue()).Done(w.Claim())
            .Do(Changed(w.Dispense(1), e => e.Dispense.Payer = "pharmacy-b")),
        [Outcome.AlreadySettled] = w => Supplied(w, World.Insurer).Done(w.Settle(w.LastSupply)).Do(w.Settle(w.LastSupply)),
        [Outcome.NotSettled] = w => Supplied(w, World.Insurer).Do(w.AdjustSettlement(w.LastSupply)),
        [Outcome.Disputed] = w => Supplied(w, World.Insurer).Done(w.OpenDispute(w.LastSupply)).Do(w.Settle(w.LastSupply)),
        [Outcome.ConsentNotGiven] = w => w.Done(w.Issue()).Do(w.WithdrawConsent("pharmacy-a")),
        [Outcome.ContentErased] = w => With(w, () => w.Policy.RetentionMs = 0)
            .Done(w.Issue()).Done(w.Cancel()).Done(w.Erase()).Do(w.RecordAccess()),
        [Outcome.RetentionRunning] = w => w.Done(w.Issue()).Done(w.Cancel()).Do(w.Erase()),
        [Outcome.WindowTooLong] = w => With(w, () => w.Policy.LongestWindowMs = World.Hour).Do(w.Issue()),
        [Outcome.EndsInPast] = w => w.Done(w.Issue()).Do(w.GiveConsent("pharmacy-a", w.Now)),
        [Outcome.HoldEndNotAllowed] = w => w.Done(w.Issue()).Do(w.Hold(w.Now)),
        [Outcome.ProposalNotFound] = w => w.Do(w.Vote(World.Hash("none"), "hospital")),
        [Outcome.ProposalClosed] = w => w.Do(w.Vote(w.Passed(World.Remove("insurer")), "regulator")),
        [Outcome.NotAValidator] = w => w.Do(w.Vote(w.Proposed(World.Remove("insurer")), "hospital-2")),
        [Outcome.AlreadyVoted] = w => Voted(w, out var id).Do(w.Vote(id, "hospital", Ballot.Reject)),
        [Outcome.ProposalNotPossible] = w => w.Do(w.Propose(World.Remove("nobody"))),
        [Outcome.LimitReached] = w => Extended(w.Done(w.Issue()).Done(w.Claim()), 998).Do(w.Extend()),
    };

    private static World Voted(World world, out Google.Protobuf.ByteString id)
    {
        id = world.Proposed(World.Remove("insurer"));
        return world.Done(world.Vote(id, "hospital"));
    }

    private static Event ByPharmacyB(Event e)
    {
        ActAs(e, "pharmacy-b");
        Sign(e, "pharmacist-b");
        return e;
    }

    private static Event Unreviewed(World world)
    {
        world.Policy.ApprovalsBeforeClaim = 1;
        return world.Issue();
    }

    private static World Supplied(World world, string payer = "") => world.Done(world.Issue()).Done(world.Claim())
        .Done(Changed(world.Dispense(1), e => e.Dispense.Payer = payer));

    private static World PackUsed(World world) => world.Done(world.Issue()).Done(world.Claim())
        .Done(world.Dispense(World.Item(0, 1, World.Pack("p", 30, 1))));

    private static World Disputed(World world) => world.Done(world.Issue()).Done(world.OpenDispute(world.Head));

    private static World Emergency(World world, uint units) => world.Done(world.EmergencySupply(World.Item(0, units)));

    /// <summary>An Issue of 10 units, for the emergency supply that is there.</summary>
    private static Event Covering(World world, string name)
    {
        world.Rx = World.Id(name);
        return Changed(world.Issue(), e => e.Issue.Covers = World.Id("rx"));
    }
}
