using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>May this organisation, with these keys and these people, do this at all?</summary>
internal static class ActorChecks
{
    public static Outcome Check(ActContext context)
    {
        Outcome outcome = CheckRole(context);
        if (outcome == Outcome.Accepted) outcome = CheckKeys(context);
        return outcome == Outcome.Accepted ? CheckPractitioners(context) : outcome;
    }

    private static Outcome CheckRole(ActContext context)
    {
        Event e = context.Event;
        bool held = context.Member(e.Organisation)?.Roles.Contains(e.Role) ?? false;
        bool allowed = context.Rule.Roles.Contains(e.Role)
            || (context.Rule.Delegable && context.Policy.Registrars.Contains(e.Organisation));
        return held && allowed ? Outcome.Accepted : Outcome.NotAuthorised;
    }

    private static Outcome CheckKeys(ActContext context)
    {
        Event e = context.Event;
        bool both = context.Rule.NeedsPractitioner;
        Key? own = context.Find<Key>(EntityKind.Key, e.KeyIds[0]);
        Key? personal = both ? context.Find<Key>(EntityKind.Key, e.KeyIds[1]) : null;
        if (own is null || (both && personal is null)) return Outcome.UnknownSigner;
        if (own.Organisation != e.Organisation || !own.PractitionerId.IsEmpty) return Outcome.KeyNotOfActor;
        if (personal is not null && personal.PractitionerId != e.ResponsibleId) return Outcome.KeyNotOfActor;
        if (!IsValid(own, context.LeafIndex)) return Outcome.KeyRevoked;
        if (personal is null) return Outcome.Accepted;
        if (!IsValid(personal, context.LeafIndex)) return Outcome.KeyRevoked;
        Custody least = LeastCustody(context);
        return least != Custody.Unspecified && personal.Custody > least ? Outcome.CustodyTooWeak : Outcome.Accepted;
    }

    private static Custody LeastCustody(ActContext context)
    {
        Policy policy = context.Policy;
        if (policy.CustodyByAct.Count == 0) return policy.LeastCustody;
        string act = Event.Descriptor.FindFieldByNumber((int)context.Event.ActCase).Name;
        return policy.CustodyByAct.FirstOrDefault(c => c.Act == act)?.Least ?? policy.LeastCustody;
    }

    /// <summary>Whether a key may sign the event in this leaf.</summary>
    public static bool IsValid(Key key, ulong leafIndex) =>
        key.ValidFrom <= leafIndex && (key.ValidUntil == 0 || leafIndex < key.ValidUntil);

    private static Outcome CheckPractitioners(ActContext context)
    {
        Event e = context.Event;
        Practitioner? responsible = Find(context, e.ResponsibleId);
        Practitioner? author = Find(context, e.AuthorId);
        if (responsible is null && !e.ResponsibleId.IsEmpty) return Outcome.PractitionerUnknown;
        if (author is null && !e.AuthorId.IsEmpty) return Outcome.PractitionerUnknown;
        if (responsible is { Suspended: true } || author is { Suspended: true }) return Outcome.PractitionerSuspended;
        if (IsElsewhere(responsible, e.Organisation) || IsElsewhere(author, e.Organisation))
            return Outcome.PractitionerNotAtOrganisation;
        return responsible is not null && responsible.Profession != context.Rule.Signer
            ? Outcome.ProfessionNotAllowed
            : Outcome.Accepted;
    }

    private static Practitioner? Find(ActContext context, ByteString id) =>
        id.IsEmpty ? null : context.Find<Practitioner>(EntityKind.Practitioner, id);

    private static bool IsElsewhere(Practitioner? practitioner, string organisation) =>
        practitioner is not null && !practitioner.Organisations.Contains(organisation);
}
