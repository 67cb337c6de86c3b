using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>The patient's token: what it may authorise, ReplaceToken, BindToken.</summary>
internal static class TokenActs
{
    private const int MaxOldTokens = 16;

    /// <summary>Accepted for a good signature of the token in force.</summary>
    public static Outcome Check(ActContext context, TokenAuthority token) => CheckAt(context, token, long.MaxValue);

    /// <summary>Accepted for a good signature of a token that was in force at a moment.</summary>
    public static Outcome CheckAt(ActContext context, TokenAuthority token, long atMs)
    {
        Prescription prescription = context.Prescription;
        if (!context.StatementValid) return Outcome.TokenInvalid;
        if (token.TokenKey == prescription.TokenKey) return Outcome.Accepted;
        OldToken? old = prescription.OldTokens.FirstOrDefault(old => old.TokenKey == token.TokenKey);
        if (old is null) return Outcome.TokenInvalid;
        return atMs < old.UntilMs ? Outcome.Accepted : Outcome.TokenReplaced;
    }

    public static Outcome Replace(ActContext context)
    {
        Prescription prescription = context.Prescription;
        var key = context.Event.ReplaceToken.TokenKey;
        if (key == prescription.TokenKey || prescription.OldTokens.Any(old => old.TokenKey == key))
            return Outcome.AlreadyExists;
        if (!Parties.IsIssuer(context)) return Outcome.NotIssuer;
        Outcome outcome = Claims.CheckUnfinished(prescription);
        if (outcome != Outcome.Accepted) return outcome;
        if (prescription.OldTokens.Count >= MaxOldTokens) return Outcome.LimitReached;
        if (!prescription.TokenKey.IsEmpty)
            prescription.OldTokens.Add(new OldToken { TokenKey = prescription.TokenKey, UntilMs = context.NowMs });
        prescription.TokenKey = key;
        prescription.BoundPharmacy = "";
        return Outcome.Accepted;
    }

    public static Outcome Bind(ActContext context)
    {
        Outcome outcome = Check(context, context.Event.BindToken.Token);
        if (outcome == Outcome.Accepted) outcome = Claims.CheckUnfinished(context.Prescription);
        if (outcome == Outcome.Accepted) context.Prescription.BoundPharmacy = context.Event.BindToken.Pharmacy;
        return outcome;
    }
}
