using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Holding a prescription, and letting go of it.</summary>
internal static class Claims
{
    /// <summary>Carries out what ledger time has made of the prescription.</summary>
    public static void Lapse(Prescription prescription, long ledgerTimeMs)
    {
        PrescriptionStatus effective = EffectiveState.At(prescription, ledgerTimeMs);
        if (effective != prescription.Status) Leave(prescription, effective);
    }

    /// <summary>The claim ends with units left: by return, or by a rejecting review.</summary>
    public static void GiveBack(Prescription prescription, long ledgerTimeMs) =>
        Leave(prescription, EffectiveState.AfterClaim(prescription, ledgerTimeMs));

    /// <summary>Moves to a status in which nobody holds the prescription.</summary>
    public static void Leave(Prescription prescription, PrescriptionStatus status)
    {
        prescription.Status = status;
        prescription.Holder = "";
        prescription.ClaimUntilMs = 0;
        prescription.CancellationPending = false;
    }

    /// <summary>Accepted when the caller holds the prescription.</summary>
    public static Outcome CheckHolder(ActContext context)
    {
        Prescription prescription = context.Prescription;
        bool claimed = prescription.Status == PrescriptionStatus.Claimed;
        if (claimed && prescription.Holder == context.Event.Organisation) return Outcome.Accepted;
        Outcome finished = CheckUnfinished(prescription);
        return finished == Outcome.Accepted ? Outcome.NotHolder : finished;
    }

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
