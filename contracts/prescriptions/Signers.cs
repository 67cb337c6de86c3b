using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Rules;

namespace RxChain.Prescriptions;

/// <summary>Who must sign an act: the organisation, and for some acts a responsible practitioner after it.</summary>
public static class Signers
{
    /// <summary>Compares the signers that an event names with those that its act needs. Looks at the event
    /// alone; whose keys they are is decided by the contract.</summary>
    /// <returns><see cref="Outcome.Accepted"/>, <see cref="Outcome.MissingSignature"/>, or
    /// <see cref="Outcome.Malformed"/> for an event without an act.</returns>
    public static Outcome Check(Event e)
    {
        if (ActRules.Find(e) is not { } rule) return Outcome.Malformed;
        bool named = !e.ResponsibleId.IsEmpty;
        return rule.NeedsPractitioner == named && e.KeyIds.Count == (named ? 2 : 1)
            ? Outcome.Accepted
            : Outcome.MissingSignature;
    }
}
