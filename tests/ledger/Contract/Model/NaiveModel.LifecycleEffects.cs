using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>What an accepted lifecycle act does.</content>
internal sealed partial class NaiveModel
{
    private void DoLifecycle(Rx rx, Recorded record)
    {
        if (e.Review is not null) DoReview(rx);
        if (e.Confirm is not null) rx.QueryOpen = false;
        if (e.Claim is not null) DoClaim(rx, record);
        if (e.ExtendClaim is not null) DoExtend(rx);
        if (e.ReturnClaim is not null) EndClaim(rx, now);
        if (e.Close is not null) Complete(rx);
        if (e.Cancel is not null) CancelNowOrLater(rx);
        if (e.Dispense is not null) DoSupply(rx, record, e.Dispense.Items, e.Dispense.Payer);
        if (e.RecordSupply is not null) DoSupply(rx, record, e.RecordSupply.Items, e.RecordSupply.Payer);
        if (e.EmergencySupply is not null) DoSupply(rx, record, e.EmergencySupply.Items, e.EmergencySupply.Payer);
        if (e.EmergencySupply is not null) record.Marks.Add("EMERGENCY_SUPPLY");
        if (e.Reverse is not null) DoReverse(rx, record);
        if (e.ReplaceToken is not null) DoReplaceToken(rx);
        if (e.BindToken is not null) rx.Bound = e.BindToken.Pharmacy;
    }

    private static void CancelNowOrLater(Rx rx)
    {
        if (rx.Status == "Claimed") rx.CancelPending = true;
        else rx.Status = "Cancelled";
    }

    private void DoReview(Rx rx)
    {
        if (e.Review.Verdict == Verdict.Query) rx.QueryOpen = true;
        if (e.Review.Verdict == Verdict.Approve) rx.Approvers.Add(Text(e.ResponsibleId));
        if (e.Review.Verdict == Verdict.Reject && rx.Status == "Claimed") EndClaim(rx, now);
        else if (e.Review.Verdict == Verdict.Reject) rx.Status = "Rejected";
        if (rx.Status == "Issued" && EnoughApproved(rx)) rx.Status = "Active";
    }

    private bool EnoughApproved(Rx rx) => rx.Approvers.Count >= policy.ApprovalsBeforeClaim;

    private void DoClaim(Rx rx, Recorded record)
    {
        rx.Claims.Add(new ClaimSpan { Holder = e.Organisation, From = now, Since = now, Period = policy.ClaimPeriodMs });
        rx.Status = "Claimed";
        if (e.Claim.Override is not null) record.Marks.Add("CLAIM_OVERRIDE");
    }

    /// <summary>At least another period from now, or from the end of the hold.</summary>
    private void DoExtend(Rx rx)
    {
        long runsFrom = HoldInForce(rx)?.Until ?? now;
        long rest = ClaimEnd(rx) - runsFrom;
        rx.Claims[^1].Since = now;
        rx.Claims[^1].Period = Math.Max(rest, policy.ClaimPeriodMs);
    }

    private void DoReplaceToken(Rx rx)
    {
        foreach (TokenSpan old in rx.Tokens.Where(t => t.Until == long.MaxValue)) old.Until = now;
        rx.Tokens.Add(new TokenSpan { Key = Text(e.ReplaceToken.TokenKey), From = now });
        rx.Bound = "";
    }
}
