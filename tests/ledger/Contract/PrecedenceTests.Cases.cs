using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.Faults;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Good acts on a prescription that A claimed a minute ago, and what can be wrong with each.</summary>
public partial class PrecedenceTests
{
    private static readonly (string Name, Func<World, Event> Good, Fault[] Faults)[] Cases =
    [
        ("Review of a claimed one", w => w.Review(Verdict.Approve), [.. Finished, NotHolder, Pending, Query, Biased]),
        ("Review of an issued one", w => Opened(w, PrescriptionStatus.Issued).Review(Verdict.Approve),
            [.. Finished, Query, Biased, new(Outcome.ReviewerNotAllowed, (w, _) => w.Policy.Reviewers.Add("hospital"))]),
        ("Confirm", w => Asked(w).Confirm(), [NotIssuer, .. Finished, new(Outcome.NoQuery, (w, _) => w.Stored.QueryOpen = false)]),
        ("ExtendClaim", w => w.Extend(), [.. Finished, NotHolder, Pending]),
        ("ReturnClaim", w => w.Return(), [.. Finished, NotHolder]),
        ("Close", w => w.Close(), [.. Finished, NotHolder, Pending]),
        ("Cancel", w => w.Cancel(), [NotIssuer, .. Finished, Pending]),
        ("Cancel by the patient", w => Opened(w, PrescriptionStatus.Active).PatientCancel(),
            [.. Token(e => e.Cancel.Token), .. Finished, new(Outcome.WrongState, (w, _) => Claimed(w, "pharmacy-b"), "status")]),
        // A token that was here before is looked for only in an act that follows.
        ("ReplaceToken", w => w.ReplaceToken(), [NotIssuer, .. Finished]),
        ("BindToken", w => w.BindToken("pharmacy-a"), [.. Token(e => e.BindToken.Token), .. Finished]),
        ("Claim by token", w => Opened(w, PrescriptionStatus.Active).Claim(),
            [.. Token(e => e.Claim.Token), new(Outcome.TokenBoundElsewhere, (w, _) => w.Stored.BoundPharmacy = "pharmacy-b"), .. Free]),
        ("Claim by nomination", w => Nominated(Opened(w, PrescriptionStatus.Active)).ClaimAsNominee("pharmacy-a"),
            [new(Outcome.NotNominee, (w, _) => w.Stored.Nominee = "pharmacy-b"), .. Free]),
        ("Claim by presence", w => Opened(w, PrescriptionStatus.Active).ClaimByPresence(),
            [new(Outcome.PresenceInvalid, (_, e) => e.Claim.Presence.Payer = "pharmacy-b"),
             new(Outcome.PresenceTooOld, (_, e) => e.Claim.Presence.AttestedMs -= Hour), .. Free]),
        ("Claim by override", w => Permitted(Opened(w, PrescriptionStatus.Active)).ClaimByOverride(),
            [new(Outcome.OverrideNotAllowed, (w, _) => w.Policy.ClaimOverrideAllowed = false), .. Free]),
        ("Correct", w => Supplied(w).Correct(w.LastSupply), [.. OfSupply(e => e.Correct.DispenseId = Hash("none")), NotDispenser,
            new(Outcome.ContentErased, (w, _) => w.Stored.Erased = true)]),
        ("Reverse", w => Supplied(w).Reverse(Kind.NotHandedOver, w.LastSupply), [.. OfSupply(e => e.Reverse.DispenseId = Hash("none")),
            NotDispenser, new(Outcome.ReversalTooLate, (w, _) => w.Stored.Supplies[0].RecordedMs -= Day)]),
        .. SupplyCases,
        .. SideCases,
    ];

    private static Fault Biased => new(Outcome.ReviewerNotIndependent, (w, e) => w.Stored.PrescriberId = e.ResponsibleId);

    private static Fault NotDispenser => new(Outcome.NotDispenser, (w, _) => w.Stored.Supplies[0].Dispenser = "pharmacy-b");

    /// <summary>What keeps a pharmacy with good authority from claiming.</summary>
    private static Fault[] Free =>
    [
        new(Outcome.ClaimNumberWrong, (_, e) => e.Claim.ClaimNumber++),
        .. Finished,
        new(Outcome.WrongState, (w, _) => Claimed(w, "pharmacy-a"), "status"),
        Held,
        new(Outcome.ClaimedByAnother, (w, _) => Claimed(w, "pharmacy-b"), "status"),
        new(Outcome.NotYetValid, (w, _) => w.Stored.NotBeforeMs = w.Now + 1),
        new(Outcome.ReviewMissing, (w, _) => w.Stored.Status = PrescriptionStatus.Issued, "status"),
        new(Outcome.PredecessorUnfinished, (w, _) => w.Stored.AfterId = Id("none")),
    ];

    private static Fault[] OfSupply(Action<Event> nameAnother) =>
    [
        new(Outcome.DispenseNotFound, (_, e) => nameAnother(e)),
        new(Outcome.DispenseReversed, (w, _) => w.Stored.Supplies[0].Items[0].Reversed = true),
    ];

    private static World Opened(World world, PrescriptionStatus status)
    {
        (world.Stored.Status, world.Stored.Holder) = (status, "");
        return world;
    }

    private static void Claimed(World world, string pharmacy) =>
        (world.Stored.Status, world.Stored.Holder) = (PrescriptionStatus.Claimed, pharmacy);

    private static World Asked(World world)
    {
        world.Stored.QueryOpen = true;
        return world;
    }

    private static World Nominated(World world)
    {
        world.Stored.Nominee = "pharmacy-a";
        return world;
    }

    private static World Permitted(World world)
    {
        world.Policy.ClaimOverrideAllowed = true;
        return world;
    }

    private static World Supplied(World world) =>
        world.Done(Changed(world.Dispense(1), e => e.Dispense.Payer = Insurer));
}
