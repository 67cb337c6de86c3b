using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Who stands in which relation to a prescription. An organisation that was removed is succeeded by the
/// one named then.</summary>
internal static class Parties
{
    // A ring of successors must not hang the node.
    private const int MaxSuccessions = 16;

    /// <summary>Whether the acting organisation is the one named, or its successor.</summary>
    public static bool IsActing(ActContext context, string named)
    {
        for (int i = 0; i < MaxSuccessions && named.Length > 0; i++)
        {
            if (named == context.Event.Organisation) return true;
            named = context.Organisation(named)?.Successor ?? "";
        }
        return false;
    }

    public static bool IsIssuer(ActContext context) => IsActing(context, context.Prescription.Issuer);

    /// <summary>The issuer, a dispenser, a payer, or a regulator.</summary>
    public static bool IsParty(ActContext context) =>
        context.Event.Role == Role.Regulator
        || IsIssuer(context)
        || context.Prescription.Supplies.Any(s => IsActing(context, s.Dispenser) || IsActing(context, s.Payer));

    /// <summary>Whether a name is that of a member that is an insurer.</summary>
    public static bool IsInsurer(ActContext context, string name) =>
        context.Member(name)?.Roles.Contains(Role.Insurer) ?? false;

    /// <summary>Who keeps the content: as Issue says, else the issuer.</summary>
    public static bool IsCustodian(ActContext context)
    {
        Prescription prescription = context.Prescription;
        return IsActing(context, prescription.ContentCustodian.Length > 0 ? prescription.ContentCustodian : prescription.Issuer);
    }
}
