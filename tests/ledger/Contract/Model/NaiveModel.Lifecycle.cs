using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Kind = RxChain.Prescriptions.Events.Event.ActOneofCase;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>What speaks against a lifecycle act on a prescription that exists.</content>
internal sealed partial class NaiveModel
{
    private static readonly Kind[] OnlyUnfinished =
    [
        Kind.Review, Kind.Confirm, Kind.Claim, Kind.ExtendClaim, Kind.ReturnClaim, Kind.Dispense, Kind.Close, Kind.Cancel,
        Kind.ReplaceToken, Kind.BindToken, Kind.Hold,
    ];

    private void RefuseFinished(Rx rx)
    {
        RefuseIf(rx.Status == "Cancelled", Outcome.Cancelled);
        RefuseIf(rx.Status == "Completed", Outcome.Completed);
        RefuseIf(rx.Status == "Rejected", Outcome.Rejected);
        RefuseIf(rx.Status == "Expired", Outcome.Expired);
    }

    private void RefuseLifecycle(Rx rx)
    {
        if (OnlyUnfinished.Contains(e.ActCase)) RefuseFinished(rx);
        bool holds = rx.Holder == e.Organisation;
        bool holdersOnly = e.ActCase is Kind.ExtendClaim or Kind.ReturnClaim or Kind.Dispense or Kind.Close
            || (e.Review is not null && rx.Status != "Issued");
        RefuseIf(holdersOnly && !rx.Finished && !holds, Outcome.NotHolder);
        bool notWhilePending = e.ActCase is Kind.ExtendClaim or Kind.Dispense or Kind.Close or Kind.Cancel
            || (e.Review is not null && e.Review.Verdict != Verdict.Reject);
        RefuseIf(notWhilePending && rx.CancelPending, Outcome.CancellationPending);
        if (e.Review is not null) RefuseReview(rx);
        if (e.Confirm is not null) RefuseConfirm(rx);
        if (e.Claim is not null) RefuseClaim(rx);
        if (e.Dispense is not null) RefuseDispense(rx);
        if (e.Cancel is not null) RefuseCancel(rx);
        if (e.RecordSupply is not null) RefuseRecordSupply(rx);
        if (e.Correct is not null) RefuseCorrect(rx);
        if (e.Reverse is not null) RefuseReverse(rx);
        if (e.ReplaceToken is not null) RefuseReplaceToken(rx);
        if (e.BindToken is not null) RefuseToken(rx, e.BindToken.Token);
    }

    private void RefuseReview(Rx rx)
    {
        string reviewer = Text(e.ResponsibleId);
        RefuseIf(reviewer == rx.Prescriber, Outcome.ReviewerNotIndependent);
        RefuseIf(e.Review.Verdict == Verdict.Approve && rx.Approvers.Contains(reviewer), Outcome.ReviewerNotIndependent);
        RefuseIf(e.Review.Verdict != Verdict.Reject && rx.QueryOpen, Outcome.QueryOpen);
        bool listed = policy.Reviewers.Count == 0 || policy.Reviewers.Contains(e.Organisation);
        RefuseIf(rx.Status == "Issued" && !listed, Outcome.ReviewerNotAllowed);
    }

    private void RefuseConfirm(Rx rx)
    {
        RefuseIf(!CallerIs(rx.Issuer) || rx.Prescriber != Text(e.ResponsibleId), Outcome.NotIssuer);
        RefuseIf(!rx.QueryOpen, Outcome.NoQuery);
    }

    /// <summary>The token that must sign now: dead ones and strangers are refused.</summary>
    private void RefuseToken(Rx rx, TokenAuthority token)
    {
        TokenSpan? span = rx.Tokens.Find(t => t.Key == Text(token.TokenKey));
        RefuseIf(!statementValid || span is null, Outcome.TokenInvalid);
        RefuseIf(span is not null && span.Until != long.MaxValue, Outcome.TokenReplaced);
    }

    private void RefuseClaim(Rx rx)
    {
        Claim claim = e.Claim;
        if (claim.Token is not null)
        {
            RefuseToken(rx, claim.Token);
            RefuseIf(rx.Bound.Length > 0 && !CallerIs(rx.Bound), Outcome.TokenBoundElsewhere);
        }
        if (claim.Nominee is not null) RefuseIf(rx.Nominee.Length == 0 || !CallerIs(rx.Nominee), Outcome.NotNominee);
        if (claim.Presence is not null) RefusePresence(claim.Presence);
        if (claim.Override is not null) RefuseIf(!policy.ClaimOverrideAllowed, Outcome.OverrideNotAllowed);
        RefuseIf(claim.ClaimNumber != rx.Claims.Count + 1, Outcome.ClaimNumberWrong);
        RefuseIf(rx.Holder == e.Organisation, Outcome.WrongState);
        RefuseIf(HoldInForce(rx) is not null, Outcome.Held);
        RefuseIf(rx.Holder.Length > 0 && rx.Holder != e.Organisation, Outcome.ClaimedByAnother);
        RefuseIf(now < rx.From, Outcome.NotYetValid);
        RefuseIf(rx.Status == "Issued", Outcome.ReviewMissing);
        bool free = rx.After.Length == 0 || (Prescriptions.TryGetValue(rx.After, out Rx? after) && after.Finished);
        RefuseIf(!free, Outcome.PredecessorUnfinished);
    }

    private void RefusePresence(PresenceAuthority presence)
    {
        string key = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData([1, .. presence.PayerKey.Span]));
        bool theirs = Keys.TryGetValue(key, out SigningKey? found) && found.Owner == presence.Payer
            && leaf >= found.From && leaf < found.Until;
        bool insurer = Members.TryGetValue(presence.Payer, out Member? payer) && payer.Roles.Contains(Role.Insurer);
        RefuseIf(!statementValid || !theirs || !insurer, Outcome.PresenceInvalid);
        bool tooOld = now - presence.AttestedMs >= policy.PresencePeriodMs || policy.PresencePeriodMs == 0;
        RefuseIf(tooOld || presence.AttestedMs > now + (5 * 60_000), Outcome.PresenceTooOld);
    }

    private void RefuseCancel(Rx rx)
    {
        if (e.Cancel.Token is { } token)
        {
            RefuseToken(rx, token);
            RefuseIf(rx.Status == "Claimed", Outcome.WrongState);
        }
        else
        {
            RefuseIf(!CallerIs(rx.Issuer), Outcome.NotIssuer);
        }
    }

    private void RefuseReplaceToken(Rx rx)
    {
        RefuseIf(!CallerIs(rx.Issuer), Outcome.NotIssuer);
        RefuseIf(rx.Tokens.Exists(t => t.Key == Text(e.ReplaceToken.TokenKey)), Outcome.AlreadyExists);
        RefuseIf(rx.Tokens.Count > 16, Outcome.LimitReached);
    }
}
