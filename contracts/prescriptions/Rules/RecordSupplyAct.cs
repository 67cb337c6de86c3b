using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>RecordSupply: what was really handed over is recorded, whatever became of the prescription since. Units and
/// packs count where possible; the rest is marked.</summary>
internal static class RecordSupplyAct
{
    public static Outcome Apply(ActContext context)
    {
        RecordSupply supply = context.Event.RecordSupply;
        Outcome outcome = CheckEntitled(context, supply.Token);
        if (outcome == Outcome.Accepted && IsRecorded(context)) outcome = Outcome.SupplyAlreadyRecorded;
        if (outcome == Outcome.Accepted) outcome = DispenseAct.CheckLines(context.Prescription, supply.Items);
        if (outcome == Outcome.Accepted) outcome = Packs.CheckCodes(context, supply.Items);
        if (outcome == Outcome.Accepted) outcome = Supplies.CheckPayer(context, supply.Payer);
        if (outcome != Outcome.Accepted) return outcome;
        return Supplies.Record(context, supply.Items, new TakenPacks(context, supply.Items), supply.Payer);
    }

    private static Outcome CheckEntitled(ActContext context, TokenAuthority? token)
    {
        long thenMs = context.Event.TimeMs;
        if (token is not null) return TokenActs.CheckAt(context, token, thenMs);
        Prescription prescription = context.Prescription;
        bool holds = Claims.IsHolder(context)
            && prescription.ClaimFromMs <= thenMs && thenMs < prescription.ClaimUntilMs;
        bool held = prescription.PastClaims.Any(claim =>
            claim.Holder == context.Event.Organisation && claim.FromMs <= thenMs && thenMs < claim.UntilMs);
        return holds || held ? Outcome.Accepted : Outcome.NoClaimThen;
    }

    private static bool IsRecorded(ActContext context) => context.Prescription.Supplies.Any(s =>
        s.Late && s.Dispenser == context.Event.Organisation && s.HandedOverMs == context.Event.TimeMs);
}

/// <summary>EmergencySupply: a record without issuer. All of it is beyond what anybody authorised, until an Issue
/// covers it.</summary>
internal static class EmergencySupplyAct
{
    public static Outcome Apply(ActContext context)
    {
        EmergencySupply supply = context.Event.EmergencySupply;
        Outcome outcome = Packs.Take(context, supply.Items, out TakenPacks packs);
        if (outcome == Outcome.Accepted) outcome = Supplies.CheckPayer(context, supply.Payer);
        if (outcome != Outcome.Accepted) return outcome;
        context.Prescription.Status = PrescriptionStatus.Completed;
        context.Prescription.ContentCustodian = context.Event.Organisation;
        context.Marks |= Marks.EmergencySupply;
        return Supplies.Record(context, supply.Items, packs, supply.Payer);
    }
}
