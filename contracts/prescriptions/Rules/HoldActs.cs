using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Hold, LiftHold: a regulator stops claiming and dispensing for a time. The claim clock stands still
/// meanwhile: the end of a claim moves with the end of the hold.</summary>
internal static class HoldActs
{
    public static Outcome Hold(ActContext context)
    {
        Prescription prescription = context.Prescription;
        Outcome outcome = Claims.CheckUnfinished(prescription);
        if (outcome != Outcome.Accepted) return outcome;
        Hold hold = context.Event.Hold;
        if (hold.UntilMs <= context.NowMs || hold.UntilMs - context.NowMs > context.Policy.LongestHoldMs)
            return Outcome.HoldEndNotAllowed;
        MoveEnd(context, hold.UntilMs);
        prescription.Hold = new HoldState
        {
            Regulator = context.Event.Organisation,
            ReasonCode = hold.ReasonCode,
            UntilMs = hold.UntilMs,
        };
        return Outcome.Accepted;
    }

    public static Outcome Lift(ActContext context)
    {
        if (context.Prescription.Hold is null) return Outcome.NotHeld;
        MoveEnd(context, context.NowMs);
        context.Prescription.Hold = null;
        return Outcome.Accepted;
    }

    private static void MoveEnd(ActContext context, long untilMs)
    {
        Prescription prescription = context.Prescription;
        if (prescription.Status == PrescriptionStatus.Claimed)
            prescription.ClaimUntilMs += untilMs - (prescription.Hold?.UntilMs ?? context.NowMs);
    }
}
