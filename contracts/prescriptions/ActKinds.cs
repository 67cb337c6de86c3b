using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Rules;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions;

/// <summary>What an event is about, whatever the state.</summary>
public static class ActKinds
{
    /// <summary>True for an act that extends no chain: its sequence and previous event id name an act that it saw.</summary>
    public static bool IsSide(Event e) => ActRules.Find(e)?.Chain == ChainKind.Side;

    /// <summary>True for an act about the network: it is on no chain.</summary>
    public static bool IsAboutNetwork(Event e) => ActRules.Find(e)?.Chain == ChainKind.Network;

    /// <summary>True for an act that is the first of its chain.</summary>
    public static bool Opens(Event e) => ActRules.Find(e)?.Opens ?? false;

    /// <summary>The practitioner that the act is about, or null for any other act.</summary>
    public static ByteString? PractitionerId(Event e) =>
        ActRules.Find(e) is { Chain: ChainKind.Practitioner } rule ? rule.Subject(e) : null;

    /// <summary>How long before ledger time an act may have been done, in ms: one that is older is refused.</summary>
    public static long LongestAgeMs(Event e, Policy policy) => TimeChecks.LongestAgeMs(ActRules.Find(e), policy);

    /// <summary>Prescriptions whose history this event belongs to: the one acted on first, then one that an Issue
    /// replaces or covers. Empty for acts about practitioners and the network.</summary>
    public static IEnumerable<ByteString> Prescriptions(Event e)
    {
        if (e.PrescriptionId.IsEmpty) yield break;
        yield return e.PrescriptionId;
        if (e.Issue is not { } issue) yield break;
        if (!issue.Replaces.IsEmpty) yield return issue.Replaces;
        if (!issue.Covers.IsEmpty) yield return issue.Covers;
    }

    /// <summary>Id of the entry <see cref="EntityKind.SideActs"/> that this side act is kept in.</summary>
    public static byte[] SideActsId(Event e) => [.. e.PrescriptionId.Span, .. System.Text.Encoding.UTF8.GetBytes(e.Organisation)];
}
