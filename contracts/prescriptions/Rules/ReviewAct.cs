using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Prescriptions.Rules;

/// <summary>Review: a pharmacist approves, asks the prescriber, or rejects.</summary>
internal static class ReviewAct
{
    public static Outcome Apply(ActContext context)
    {
        Verdict verdict = context.Event.Review.Verdict;
        Outcome outcome = CheckMayReview(context);
        if (outcome == Outcome.Accepted) outcome = CheckVerdict(context, verdict);
        if (outcome == Outcome.Accepted) Write(context, verdict);
        return outcome;
    }

    private static Outcome CheckMayReview(ActContext context) =>
        context.Prescription.Status == PrescriptionStatus.Issued ? Outcome.Accepted : Claims.CheckHolder(context);

    private static Outcome CheckVerdict(ActContext context, Verdict verdict)
    {
        Prescription prescription = context.Prescription;
        ByteString reviewer = context.Event.ResponsibleId;
        if (verdict != Verdict.Reject)
        {
            if (prescription.CancellationPending) return Outcome.CancellationPending;
            if (prescription.QueryOpen) return Outcome.QueryOpen;
        }
        if (prescription.Status == PrescriptionStatus.Issued && !IsAllowed(context)) return Outcome.ReviewerNotAllowed;
        bool again = verdict == Verdict.Approve && prescription.Approvals.Contains(reviewer);
        return again || reviewer == prescription.PrescriberId ? Outcome.ReviewerNotIndependent : Outcome.Accepted;
    }

    /// <summary>Before a claim, policy may say who reviews.</summary>
    private static bool IsAllowed(ActContext context)
    {
        var reviewers = context.Policy.Reviewers;
        return reviewers.Count == 0 || reviewers.Contains(context.Event.Organisation);
    }

    private static void Write(ActContext context, Verdict verdict)
    {
        Prescription prescription = context.Prescription;
        bool issued = prescription.Status == PrescriptionStatus.Issued;
        if (verdict == Verdict.Query) prescription.QueryOpen = true;
        else if (verdict == Verdict.Approve) Approve(context);
        else if (issued) Claims.Leave(prescription, PrescriptionStatus.Rejected, context);
        else Claims.GiveBack(context);
    }

    private static void Approve(ActContext context)
    {
        Prescription prescription = context.Prescription;
        ByteString reviewer = context.Event.ResponsibleId;
        int place = prescription.Approvals.TakeWhile(a => a.Span.SequenceCompareTo(reviewer.Span) < 0).Count();
        prescription.Approvals.Insert(place, reviewer);
        if (prescription.Status == PrescriptionStatus.Issued) prescription.Status = Open(context);
    }

    /// <summary>The status of a prescription that nobody holds: Active once enough people approved.</summary>
    public static PrescriptionStatus Open(ActContext context) =>
        context.Prescription.Approvals.Count >= context.Policy.ApprovalsBeforeClaim
            ? PrescriptionStatus.Active
            : PrescriptionStatus.Issued;
}

/// <summary>Confirm: the prescriber answers an open query.</summary>
internal static class ConfirmAct
{
    public static Outcome Apply(ActContext context)
    {
        Prescription prescription = context.Prescription;
        bool own = Parties.IsIssuer(context)
            && prescription.PrescriberId == context.Event.ResponsibleId;
        if (!own) return Outcome.NotIssuer;
        Outcome outcome = Claims.CheckUnfinished(prescription);
        if (outcome != Outcome.Accepted) return outcome;
        if (!prescription.QueryOpen) return Outcome.NoQuery;
        prescription.QueryOpen = false;
        return Outcome.Accepted;
    }
}
