using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Cancel: by the issuing hospital at any time, by the patient while nobody holds the prescription.</summary>
internal static class CancelAct
{
    public static Outcome ByIssuer(ActContext context)
    {
        if (!Parties.IsIssuer(context)) return Outcome.NotIssuer;
        Outcome outcome = CheckCancellable(context.Prescription);
        if (outcome == Outcome.Accepted) Withdraw(context.Prescription);
        return outcome;
    }

    public static Outcome ByPatient(ActContext context)
    {
        Prescription prescription = context.Prescription;
        Outcome outcome = TokenActs.Check(context, context.Event.Cancel.Token);
        if (outcome == Outcome.Accepted) outcome = Claims.CheckUnfinished(prescription);
        if (outcome != Outcome.Accepted) return outcome;
        if (prescription.Status == PrescriptionStatus.Claimed) return Outcome.WrongState;
        prescription.Status = PrescriptionStatus.Cancelled;
        return Outcome.Accepted;
    }

    /// <summary>Accepted when the issuer can withdraw it.</summary>
    public static Outcome CheckCancellable(Prescription prescription)
    {
        Outcome outcome = Claims.CheckUnfinished(prescription);
        return outcome == Outcome.Accepted && prescription.CancellationPending ? Outcome.CancellationPending : outcome;
    }

    /// <summary>Cancelled at once, or when the claim ends.</summary>
    public static void Withdraw(Prescription prescription)
    {
        if (prescription.Status == PrescriptionStatus.Claimed) prescription.CancellationPending = true;
        else prescription.Status = PrescriptionStatus.Cancelled;
    }
}
