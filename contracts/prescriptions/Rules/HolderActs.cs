using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>ExtendClaim, ReturnClaim, Close: what the holder does with its claim.</summary>
internal static class HolderActs
{
    public static Outcome Extend(ActContext context)
    {
        Outcome outcome = CheckGoesOn(context);
        if (outcome != Outcome.Accepted) return outcome;
        Prescription prescription = context.Prescription;
        // During a hold the claim clock stands still: the new period runs from its end.
        long fromMs = prescription.Hold?.UntilMs ?? context.NowMs;
        prescription.ClaimUntilMs = Math.Max(prescription.ClaimUntilMs, fromMs + context.Policy.ClaimPeriodMs);
        return Outcome.Accepted;
    }

    public static Outcome Return(ActContext context)
    {
        Outcome outcome = Claims.CheckHolder(context);
        if (outcome == Outcome.Accepted) Claims.GiveBack(context);
        return outcome;
    }

    public static Outcome Close(ActContext context)
    {
        Outcome outcome = CheckGoesOn(context);
        if (outcome == Outcome.Accepted) Claims.Leave(context.Prescription, PrescriptionStatus.Completed, context);
        return outcome;
    }

    /// <summary>Accepted when the caller holds a claim that no cancellation wants back.</summary>
    public static Outcome CheckGoesOn(ActContext context)
    {
        Outcome outcome = Claims.CheckHolder(context);
        return outcome == Outcome.Accepted && context.Prescription.CancellationPending
            ? Outcome.CancellationPending
            : outcome;
    }
}
