using Google.Protobuf;
using RxChain.Prescriptions.Events;
using Kind = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>Side acts: what speaks against them, and what they do.</content>
internal sealed partial class NaiveModel
{
    private void RefuseSideAct(Rx rx)
    {
        if (rx.SideActs.Count(a => a.Event.Organisation == e.Organisation) >= 256) RefuseIf(true, Outcome.LimitReached);
        if (e.Settle is not null) RefuseSettle(rx);
        if (e.AdjustSettlement is not null) RefuseAdjust(rx);
        if (e.Hold is not null) RefuseHold(rx);
        if (e.LiftHold is not null) RefuseIf(HoldInForce(rx) is null, Outcome.NotHeld);
        if (e.OpenDispute is not null) RefuseOpenDispute(rx);
        if (e.WithdrawDispute is not null) RefuseWithdraw(rx);
        if (e.ExtendDispute is not null) FindDispute(rx, e.ExtendDispute.DisputeId);
        if (e.ResolveDispute is not null) FindDispute(rx, e.ResolveDispute.DisputeId);
        if (e.AddEvidence is not null) RefuseEvidence(rx);
        if (e.RecordAccess is not null) RefuseIf(rx.Erased, Outcome.ContentErased);
        if (e.GiveConsent is not null) RefuseConsent(rx);
        if (e.WithdrawConsent is not null) RefuseWithdrawConsent(rx);
        if (e.Erase is not null) RefuseErase(rx);
    }

    private void RefuseSettle(Rx rx)
    {
        if (FindSupply(rx, e.Settle.DispenseId) is not { } supply) return;
        RefuseIf(supply.Payer.Length == 0 || !CallerIs(supply.Payer), Outcome.NotPayer);
        RefuseIf(supply.WhollyReversed, Outcome.DispenseReversed);
        RefuseIf(supply.Settled, Outcome.AlreadySettled);
        RefuseIf(OpenDisputes(rx).Any(d => d.Names == supply.Id), Outcome.Disputed);
    }

    private void RefuseAdjust(Rx rx)
    {
        if (FindSupply(rx, e.AdjustSettlement.DispenseId) is not { } supply) return;
        RefuseIf(supply.Payer.Length == 0 || !CallerIs(supply.Payer), Outcome.NotPayer);
        RefuseIf(!supply.Settled, Outcome.NotSettled);
        RefuseIf(OpenDisputes(rx).Any(d => d.Names == supply.Id), Outcome.Disputed);
    }

    private void RefuseHold(Rx rx)
    {
        RefuseFinished(rx);
        RefuseIf(e.Hold.UntilMs <= now || e.Hold.UntilMs - now > policy.LongestHoldMs, Outcome.HoldEndNotAllowed);
    }

    private bool IsParty(Rx rx) => e.Role == Role.Regulator || CallerIs(rx.Issuer)
        || rx.Supplies.Exists(s => CallerIs(s.Dispenser) || CallerIs(s.Payer));

    private void RefuseParty(Rx rx, TokenAuthority? token)
    {
        if (token is not null) RefuseToken(rx, token);
        else RefuseIf(!IsParty(rx), Outcome.NotAParty);
    }

    private void RefuseOpenDispute(Rx rx)
    {
        string named = Text(e.OpenDispute.EventId);
        bool known = rx.Acts.Skip(rx.CoveredBy.Length > 0 ? 1 : 0).Any(a => a.Id == named) || rx.Supplies.Exists(s => s.Id == named);
        RefuseIf(!known, Outcome.ActNotFound);
        RefuseParty(rx, e.OpenDispute.Token);
        RefuseIf(OpenDisputes(rx).Count(d => d.Organisation == e.Organisation) >= 8, Outcome.LimitReached);
    }

    private Dispute? FindDispute(Rx rx, ByteString disputeId)
    {
        Dispute? dispute = OpenDisputes(rx).FirstOrDefault(d => d.Id == Text(disputeId));
        RefuseIf(dispute is null, Outcome.DisputeNotFound);
        return dispute;
    }

    private void RefuseWithdraw(Rx rx)
    {
        TokenAuthority? token = e.WithdrawDispute.Token;
        if (token is not null) RefuseToken(rx, token);
        if (FindDispute(rx, e.WithdrawDispute.DisputeId) is not { } dispute) return;
        RefuseIf(dispute.ByPatient != token is not null, Outcome.NotOpener);
        RefuseIf(!dispute.ByPatient && !CallerIs(dispute.Organisation), Outcome.NotOpener);
    }

    private void RefuseEvidence(Rx rx)
    {
        FindDispute(rx, e.AddEvidence.DisputeId);
        RefuseParty(rx, e.AddEvidence.Token);
    }

    private void RefuseConsent(Rx rx)
    {
        if (e.GiveConsent.Token is { } token) RefuseToken(rx, token);
        else RefuseIf(!CallerIs(rx.Issuer), Outcome.NotIssuer);
        RefuseIf(rx.Erased, Outcome.ContentErased);
        RefuseIf(e.GiveConsent.UntilMs <= now, Outcome.EndsInPast);
        bool renewed = ConsentsInForce(rx).Any(c => c.Grantee == e.GiveConsent.Grantee && c.Purpose == e.GiveConsent.PurposeCode);
        RefuseIf(!renewed && ConsentsInForce(rx).Count() >= 64, Outcome.LimitReached);
    }

    private void RefuseWithdrawConsent(Rx rx)
    {
        if (e.WithdrawConsent.Token is { } token) RefuseToken(rx, token);
        else RefuseIf(!CallerIs(rx.Issuer), Outcome.NotIssuer);
        bool given = ConsentsInForce(rx).Any(c => c.Grantee == e.WithdrawConsent.Grantee && c.Purpose == e.WithdrawConsent.PurposeCode);
        RefuseIf(!given, Outcome.ConsentNotGiven);
    }

    private void RefuseErase(Rx rx)
    {
        if (e.Role != Role.Regulator) RefuseIf(!CallerIs(rx.Custodian), Outcome.NotCustodian);
        RefuseIf(!rx.Finished, Outcome.WrongState);
        RefuseIf(OpenDisputes(rx).Any(), Outcome.Disputed);
        // The disputes over a covered emergency supply are kept with the prescription that covers it.
        if (Prescriptions.TryGetValue(rx.CoveredBy, out Rx? covering))
            RefuseIf(OpenDisputes(covering).Any(d => rx.Acts.Exists(a => a.Id == d.Names)), Outcome.Disputed);
        RefuseIf(rx.Erased, Outcome.ContentErased);
        long last = rx.LastMs;
        if (rx.Status == "Expired") last = Math.Max(last, rx.Until);
        RefuseIf(now < last + policy.RetentionMs, Outcome.RetentionRunning);
    }

    private void DoSideAct(Rx rx)
    {
        switch (e.ActCase)
        {
            case Kind.Settle: rx.Supplies.Find(s => s.Id == Text(e.Settle.DispenseId))!.Settled = true; break;
            case Kind.AdjustSettlement: rx.Supplies.Find(s => s.Id == Text(e.AdjustSettlement.DispenseId))!.RecoveryDue = false; break;
            case Kind.Hold: DoHold(rx); break;
            case Kind.LiftHold: HoldInForce(rx)!.Until = now; break;
            case Kind.OpenDispute: rx.Disputes.Add(NewDispute()); break;
            case Kind.WithdrawDispute: rx.Disputes.Find(d => d.Id == Text(e.WithdrawDispute.DisputeId))!.Until = now; break;
            case Kind.ResolveDispute: rx.Disputes.Find(d => d.Id == Text(e.ResolveDispute.DisputeId))!.Until = now; break;
            case Kind.ExtendDispute:
                rx.Disputes.Find(d => d.Id == Text(e.ExtendDispute.DisputeId))!.Until = now + policy.DisputePeriodMs;
                break;
            case Kind.GiveConsent: DoConsent(rx, e.GiveConsent.Grantee, e.GiveConsent.PurposeCode, e.GiveConsent.UntilMs); break;
            case Kind.WithdrawConsent: DoConsent(rx, e.WithdrawConsent.Grantee, e.WithdrawConsent.PurposeCode, now); break;
            case Kind.Erase: rx.Erased = true; break;
            default: break;
        }
    }

    private void DoHold(Rx rx)
    {
        if (HoldInForce(rx) is { } old) old.Until = now;
        rx.Holds.Add(new HoldSpan { Regulator = e.Organisation, Reason = e.Hold.ReasonCode, From = now, Until = e.Hold.UntilMs });
    }

    private Dispute NewDispute() => new()
    {
        Id = id,
        Organisation = e.Organisation,
        Names = Text(e.OpenDispute.EventId),
        ByPatient = e.OpenDispute.Token is not null,
        Until = now + policy.DisputePeriodMs,
    };

    private static void DoConsent(Rx rx, string grantee, uint purpose, long until)
    {
        rx.Consents.RemoveAll(c => c.Grantee == grantee && c.Purpose == purpose);
        rx.Consents.Add(new Consent { Grantee = grantee, Purpose = purpose, Until = until });
    }
}
