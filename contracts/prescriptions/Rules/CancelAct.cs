using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Cancel: by the issuing hospital at any time, by the patient while nobody holds the prescription.</summary>
internal static class CancelAct
{
    public static Outcome ByIssuer(ActContext context)
    {
        Prescription prescription = context.Prescription;
        if (prescription.Issuer != context.Event.Organisation) return Outcome.NotIssuer;
        Outcome outcome = Claims.CheckUnfinished(prescription);
        if (outcome != Outcome.Accepted) return outcome;
        if (prescription.CancellationPending) return Outcome.CancellationPending;
        if (prescription.Status == PrescriptionStatus.Claimed) prescription.CancellationPending = true;
        else prescription.Status = PrescriptionStatus.Cancelled;
        return Outcome.Accepted;
    }

    public static Outcome ByPatient(ActContext context)
    {
        Prescription prescription = context.Prescription;
        if (!ClaimAct.IsOwnToken(context, context.Event.Cancel.Token)) return Outcome.ClaimAuthorityInvalid;
        Outcome outcome = Claims.CheckUnfinished(prescription);
        if (outcome != Outcome.Accepted) return outcome;
        if (prescription.Status == PrescriptionStatus.Claimed) return Outcome.WrongState;
        prescription.Status = PrescriptionStatus.Cancelled;
        return Outcome.Accepted;
    }
}
