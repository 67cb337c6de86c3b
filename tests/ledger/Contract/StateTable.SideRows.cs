using Google.Protobuf;
using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The side acts, by each who may try.</summary>
internal static partial class StateTable
{
    private const string Payer = "payer";
    private const string OtherInsurer = "other insurer";
    private const string Regulator = "regulator";

    private static (string Act, string By, Func<World, Event> Event)[] SideRows =>
    [
        ("Settle", Payer, w => w.Settle(Supply(w))),
        ("Settle", OtherInsurer, w => ByOtherInsurer(w.Settle(Supply(w)))),
        ("AdjustSettlement", Payer, w => w.AdjustSettlement(Supply(w))),
        ("AdjustSettlement", OtherInsurer, w => ByOtherInsurer(w.AdjustSettlement(Supply(w)))),
        ("Hold", Regulator, w => w.Hold(w.Now + (2 * Hour))),
        ("LiftHold", Regulator, w => w.LiftHold()),
        ("OpenDispute", Issuer, w => w.OpenDispute(Disputable(w))),
        ("OpenDispute", A, w => w.OpenDispute(Disputable(w), "pharmacy-a", Role.Pharmacy)),
        ("OpenDispute", B, w => w.OpenDispute(Disputable(w), "pharmacy-b", Role.Pharmacy)),
        ("OpenDispute", Payer, w => w.OpenDispute(Disputable(w), Insurer, Role.Insurer)),
        ("OpenDispute", Regulator, w => w.OpenDispute(Disputable(w), "regulator", Role.Regulator)),
        ("OpenDispute", Patient, w => w.PatientDispute(Disputable(w))),
        ("WithdrawDispute", Issuer, w => w.WithdrawDispute(Dispute(w))),
        ("WithdrawDispute", A, w => w.WithdrawDispute(Dispute(w), "pharmacy-a", Role.Pharmacy)),
        ("WithdrawDispute", Patient, w => Changed(w.WithdrawDispute(Dispute(w)), e => e.WithdrawDispute.Token = Token())),
        ("ExtendDispute", Regulator, w => w.ExtendDispute(Dispute(w))),
        ("ResolveDispute", Regulator, w => w.ResolveDispute(Dispute(w))),
        ("AddEvidence", A, w => w.AddEvidence(Dispute(w), "pharmacy-a", Role.Pharmacy)),
        ("AddEvidence", B, w => w.AddEvidence(Dispute(w), "pharmacy-b", Role.Pharmacy)),
        ("AddEvidence", Patient, w => Changed(w.AddEvidence(Dispute(w)), e => e.AddEvidence.Token = Token())),
        ("RecordAccess", "anybody", w => w.RecordAccess("pharmacy-b", Role.Pharmacy)),
        ("GiveConsent", Issuer, w => w.GiveConsent("pharmacy-b", w.Now + Day)),
        ("GiveConsent", OtherHospital, w => ByOtherHospital(w.GiveConsent("pharmacy-b", w.Now + Day))),
        ("GiveConsent", Patient, w => Changed(w.GiveConsent("pharmacy-b", w.Now + Day), e => e.GiveConsent.Token = Token())),
        ("WithdrawConsent", Issuer, w => w.WithdrawConsent("pharmacy-b")),
        ("WithdrawConsent", OtherHospital, w => ByOtherHospital(w.WithdrawConsent("pharmacy-b"))),
        ("WithdrawConsent", Patient, w => Changed(w.WithdrawConsent("pharmacy-b"), e => e.WithdrawConsent.Token = Token())),
        ("Erase", Issuer, w => w.Erase()),
        ("Erase", A, w => Changed(w.Erase(), e => { ActAs(e, "pharmacy-a"); e.Role = Role.Pharmacy; })),
        ("Erase", "regulator, by order", w => w.EraseByOrder()),
    ];

    private static Event ByOtherInsurer(Event e) => Changed(e, c => ActAs(c, "insurer-2"));

    /// <summary>The newest supply, else the newest act.</summary>
    private static ByteString Disputable(World world) => world.Stored switch
    {
        null => Hash("no act"),
        { Supplies.Count: > 0 } => world.LastSupply,
        _ => world.Head,
    };

    private static ByteString Dispute(World world) => world.Stored?.Disputes.LastOrDefault()?.DisputeId ?? Hash("no dispute");
}
