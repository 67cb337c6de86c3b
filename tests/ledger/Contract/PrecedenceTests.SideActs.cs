using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.Faults;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Side acts.</summary>
public partial class PrecedenceTests
{
    private static (string Name, Func<World, Event> Good, Fault[] Faults)[] SideCases =>
    [
        ("Settle", w => Supplied(w).Settle(w.LastSupply), [.. OfSupply(e => e.Settle.DispenseId = Hash("none")), NotPayer,
            new(Outcome.AlreadySettled, (w, _) => w.Stored.Supplies[0].Settled = true), Disputed]),
        ("AdjustSettlement", w => Settled(w).AdjustSettlement(w.LastSupply), [
            new(Outcome.DispenseNotFound, (_, e) => e.AdjustSettlement.DispenseId = Hash("none")), NotPayer,
            new(Outcome.NotSettled, (w, _) => w.Stored.Supplies[0].Settled = false), Disputed]),
        ("Hold", w => w.Hold(w.Now + 1),
            [.. Finished, new(Outcome.HoldEndNotAllowed, (w, e) => e.Hold.UntilMs = w.Now)]),
        ("LiftHold", w => w.Done(w.Hold(w.Now + 1)).LiftHold(), [new(Outcome.NotHeld, (w, _) => w.Stored.Hold = null)]),
        ("OpenDispute", w => w.OpenDispute(w.Head), [ActUnknown, new(Outcome.NotAParty, (w, _) => w.Stored.Issuer = "hospital-2"), Full]),
        ("OpenDispute by the patient", w => w.PatientDispute(w.Head), [ActUnknown, .. Token(e => e.OpenDispute.Token), Full]),
        ("WithdrawDispute", w => w.Done(w.OpenDispute(w.Head)).WithdrawDispute(w.LastDispute), [
            new(Outcome.DisputeNotFound, (_, e) => e.WithdrawDispute.DisputeId = Hash("none")),
            new(Outcome.NotOpener, (w, _) => w.Stored.Disputes[0].Organisation = "pharmacy-b")]),
        ("WithdrawDispute by the patient", w => Changed(
            w.Done(w.PatientDispute(w.Head)).WithdrawDispute(w.LastDispute), e => e.WithdrawDispute.Token = World.Token()), [
            new(Outcome.DisputeNotFound, (_, e) => e.WithdrawDispute.DisputeId = Hash("none")),
            new(Outcome.NotOpener, (w, _) => w.Stored.Disputes[0].ByPatient = false),
            .. Token(e => e.WithdrawDispute.Token)]),
        ("AddEvidence", w => w.Done(w.OpenDispute(w.Head)).AddEvidence(w.LastDispute), [
            new(Outcome.DisputeNotFound, (_, e) => e.AddEvidence.DisputeId = Hash("none")),
            new(Outcome.NotAParty, (w, _) => w.Stored.Issuer = "hospital-2")]),
        ("RecordAccess", w => w.RecordAccess(), [Erased]),
        ("GiveConsent", w => w.GiveConsent("pharmacy-a", w.Now + 1), [NotIssuer, Erased,
            new(Outcome.EndsInPast, (w, e) => e.GiveConsent.UntilMs = w.Now),
            new(Outcome.LimitReached, (w, _) => w.Stored.Consents.Add(
                Enumerable.Repeat(new Consent { Grantee = "pharmacy-b", UntilMs = w.Now + 1 }, 64)))]),
        ("WithdrawConsent", w => w.Done(w.GiveConsent("pharmacy-a", w.Now + 1)).WithdrawConsent("pharmacy-a"),
            [NotIssuer, new(Outcome.ConsentNotGiven, (_, e) => e.WithdrawConsent.PurposeCode = 8)]),
        ("Erase", w => Old(w).Erase(), [
            new(Outcome.NotCustodian, (w, _) => w.Stored.ContentCustodian = "hospital-2"),
            new(Outcome.WrongState, (w, _) => Claimed(w, "pharmacy-a"), "status"),
            new(Outcome.Disputed, (w, _) => w.Stored.Disputes.Add(new Dispute { UntilMs = w.Now + 1 })),
            Erased, new(Outcome.RetentionRunning, (w, _) => w.Policy.RetentionMs = Day)]),
    ];

    private static Fault NotPayer => new(Outcome.NotPayer, (w, _) => w.Stored.Supplies[0].Payer = "insurer-2");

    private static Fault Erased => new(Outcome.ContentErased, (w, _) => w.Stored.Erased = true);

    private static Fault Disputed => new(Outcome.Disputed, (w, _) => w.Stored.Disputes.Add(
        new Dispute { EventId = w.LastSupply, UntilMs = w.Now + 1 }));

    private static Fault ActUnknown => new(Outcome.ActNotFound, (_, e) => e.OpenDispute.EventId = Hash("none"));

    private static Fault Full => new(Outcome.LimitReached, (w, e) => w.Stored.Disputes.Add(
        Enumerable.Repeat(new Dispute { Organisation = e.Organisation, UntilMs = w.Now + 1 }, 8)));

    private static World Settled(World world) => Supplied(world).Done(world.Settle(world.LastSupply));

    private static World Old(World world)
    {
        world.Policy.RetentionMs = 0;
        return world.Done(world.Close());
    }
}
