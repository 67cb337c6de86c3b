using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Holding a prescription, and letting go of it.</summary>
internal static class Claims
{
    /// <summary>The claim ends with units left: by return, or by a rejecting review.</summary>
    public static void GiveBack(ActContext context) => Leave(
        context.Prescription, EffectiveState.AfterClaim(context.Prescription, context.NowMs), context);

    /// <summary>Moves to a status in which nobody holds the prescription, and remembers who did.</summary>
    public static void Leave(Prescription prescription, PrescriptionStatus status, ActContext context)
    {
        if (prescription.Status == PrescriptionStatus.Claimed) Remember(prescription, context);
        prescription.Status = status;
        prescription.Holder = "";
        prescription.ClaimFromMs = 0;
        prescription.ClaimUntilMs = 0;
        prescription.CancellationPending = false;
    }

    // A late supply needs to know who held the claim, for as long as it can be reported.
    private static void Remember(Prescription prescription, ActContext context)
    {
        long oldestMs = TimeChecks.OldestSupplyMs(context);
        Lapses.Remove(prescription.PastClaims, claim => claim.UntilMs < oldestMs);
        prescription.PastClaims.Add(new PastClaim
        {
            Holder = prescription.Holder,
            FromMs = prescription.ClaimFromMs,
            UntilMs = Math.Min(prescription.ClaimUntilMs, context.NowMs),
        });
    }

    /// <summary>Accepted when the caller holds the prescription.</summary>
    public static Outcome CheckHolder(ActContext context)
    {
        Outcome finished = CheckUnfinished(context.Prescription);
        if (finished != Outcome.Accepted) return finished;
        return IsHolder(context) ? Outcome.Accepted : Outcome.NotHolder;
    }

    /// <summary>True when the caller holds the prescription.</summary>
    public static bool IsHolder(ActContext context) =>
        context.Prescription.Status == PrescriptionStatus.Claimed
        && context.Prescription.Holder == context.Event.Organisation;

    /// <summary>Accepted unless nothing can happen to the prescription any more.</summary>
    public static Outcome CheckUnfinished(Prescription prescription) => prescription.Status switch
    {
        PrescriptionStatus.Cancelled => Outcome.Cancelled,
        PrescriptionStatus.Completed => Outcome.Completed,
        PrescriptionStatus.Rejected => Outcome.Rejected,
        PrescriptionStatus.Expired => Outcome.Expired,
        _ => Outcome.Accepted,
    };
}
