using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Claim: a pharmacy takes the prescription for itself.</summary>
internal static class ClaimAct
{
    public static Outcome Apply(ActContext context)
    {
        // Authority first: only who is entitled learns that somebody else holds it.
        if (!IsEntitled(context)) return Outcome.ClaimAuthorityInvalid;
        Outcome outcome = CheckFree(context);
        if (outcome != Outcome.Accepted) return outcome;
        Prescription prescription = context.Prescription;
        prescription.Status = PrescriptionStatus.Claimed;
        prescription.Holder = context.Event.Organisation;
        prescription.ClaimUntilMs = context.NowMs + context.Policy.ClaimPeriodMs;
        prescription.Claims++;
        return Outcome.Accepted;
    }

    private static bool IsEntitled(ActContext context)
    {
        Claim claim = context.Event.Claim;
        if (claim.ClaimNumber != context.Prescription.Claims + 1) return false;
        return claim.Token is not null
            ? IsOwnToken(context, claim.Token)
            : context.Prescription.Nominee == context.Event.Organisation;
    }

    /// <summary>True for the patient's token with a good signature.</summary>
    public static bool IsOwnToken(ActContext context, TokenAuthority token) =>
        context.TokenSignatureValid && token.TokenKey == context.Prescription.TokenKey;

    private static Outcome CheckFree(ActContext context)
    {
        Prescription prescription = context.Prescription;
        Outcome finished = Claims.CheckUnfinished(prescription);
        if (finished != Outcome.Accepted) return finished;
        if (prescription.Status == PrescriptionStatus.Claimed)
            return prescription.Holder == context.Event.Organisation ? Outcome.WrongState : Outcome.ClaimedByAnother;
        if (context.NowMs < prescription.NotBeforeMs) return Outcome.NotYetValid;
        if (prescription.Status == PrescriptionStatus.Issued) return Outcome.ReviewMissing;
        return IsPredecessorFinished(context) ? Outcome.Accepted : Outcome.PredecessorUnfinished;
    }

    private static bool IsPredecessorFinished(ActContext context)
    {
        if (context.Prescription.AfterId.IsEmpty) return true;
        var predecessor = context.Find<Prescription>(EntityKind.Prescription, context.Prescription.AfterId);
        return predecessor is not null
            && EffectiveState.At(predecessor, context.NowMs)
                is PrescriptionStatus.Completed
                or PrescriptionStatus.Cancelled
                or PrescriptionStatus.Rejected
                or PrescriptionStatus.Expired;
    }
}
