using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>What happens to the content, which is kept off the ledger: opened, shared by consent, erased.</summary>
internal static class ContentActs
{
    private const int MaxConsents = 64;

    public static Outcome RecordAccess(ActContext context) =>
        context.Prescription.Erased ? Outcome.ContentErased : Outcome.Accepted;

    public static Outcome GiveConsent(ActContext context)
    {
        GiveConsent give = context.Event.GiveConsent;
        Outcome outcome = CheckMayConsent(context, give.Token);
        if (outcome != Outcome.Accepted) return outcome;
        if (context.Prescription.Erased) return Outcome.ContentErased;
        if (give.UntilMs <= context.NowMs) return Outcome.EndsInPast;
        var consents = context.Prescription.Consents;
        if (Find(context, give.Grantee, give.PurposeCode) is { } given) given.UntilMs = give.UntilMs;
        else if (consents.Count >= MaxConsents) return Outcome.LimitReached;
        else
            consents.Add(new Consent { Grantee = give.Grantee, PurposeCode = give.PurposeCode, UntilMs = give.UntilMs });
        return Outcome.Accepted;
    }

    public static Outcome WithdrawConsent(ActContext context)
    {
        WithdrawConsent withdraw = context.Event.WithdrawConsent;
        Outcome outcome = CheckMayConsent(context, withdraw.Token);
        if (outcome != Outcome.Accepted) return outcome;
        if (Find(context, withdraw.Grantee, withdraw.PurposeCode) is not { } given) return Outcome.ConsentNotGiven;
        context.Prescription.Consents.Remove(given);
        return Outcome.Accepted;
    }

    public static Outcome Erase(ActContext context)
    {
        Prescription prescription = context.Prescription;
        bool mayErase = context.Event.Role == Role.Regulator || Parties.IsCustodian(context);
        if (!mayErase) return Outcome.NotCustodian;
        if (Claims.CheckUnfinished(prescription) == Outcome.Accepted) return Outcome.WrongState;
        if (prescription.Disputes.Count > 0 || IsDisputedWhereCovered(context)) return Outcome.Disputed;
        if (prescription.Erased) return Outcome.ContentErased;
        if (context.NowMs - EndMs(prescription) < context.Policy.RetentionMs) return Outcome.RetentionRunning;
        prescription.Erased = true;
        return Outcome.Accepted;
    }

    /// <summary>The disputes over an emergency supply are kept with the prescription that covers it.</summary>
    private static bool IsDisputedWhereCovered(ActContext context)
    {
        Prescription prescription = context.Prescription;
        if (prescription.CoveredBy.IsEmpty) return false;
        var covering = context.Find<Prescription>(EntityKind.Prescription, prescription.CoveredBy);
        return covering!.Disputes.Any(dispute => context.NowMs < dispute.UntilMs
            && prescription.Acts.Any(act => act.EventId == dispute.EventId));
    }

    private static long EndMs(Prescription prescription) => prescription.Status == PrescriptionStatus.Expired
        ? Math.Max(prescription.LastActMs, prescription.NotAfterMs)
        : prescription.LastActMs;

    private static Consent? Find(ActContext context, string grantee, uint purposeCode) =>
        context.Prescription.Consents.FirstOrDefault(c => c.Grantee == grantee && c.PurposeCode == purposeCode);

    private static Outcome CheckMayConsent(ActContext context, TokenAuthority? token)
    {
        if (token is not null) return TokenActs.Check(context, token);
        return Parties.IsIssuer(context) ? Outcome.Accepted : Outcome.NotIssuer;
    }
}
