using System.Collections.Frozen;
using Google.Protobuf;
using RxChain.Prescriptions.Events;
using Kind = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.Prescriptions.Rules;

/// <summary>Whose chain of acts an event extends.</summary>
internal enum ChainKind
{
    Prescription,
    Practitioner,
}

/// <summary>What holds for one kind of act, whatever the state.</summary>
/// <param name="Chain">Whose chain it extends.</param>
/// <param name="Subject">Reads the id of that prescription or practitioner.</param>
/// <param name="Roles">Roles in which an organisation may do this.</param>
/// <param name="Signer">Profession of the responsible practitioner who signs after the organisation, or
/// UNSPECIFIED when only the organisation signs.</param>
/// <param name="Handler">The checks and effects of this kind.</param>
/// <param name="Opens">True when this act is the first of its chain.</param>
internal sealed record ActRule(
    ChainKind Chain,
    Func<Event, ByteString> Subject,
    Role[] Roles,
    Profession Signer,
    Func<ActContext, Outcome> Handler,
    bool Opens = false)
{
    public bool NeedsPractitioner => Signer != Profession.Unspecified;
}

/// <summary>Every kind of act. A new kind is a row here, its ranges, and its handler.</summary>
internal static class ActRules
{
    private static readonly FrozenDictionary<Kind, ActRule> ByKind = new Dictionary<Kind, ActRule>
    {
        [Kind.Issue] = Lifecycle([Role.Hospital], Profession.Prescriber, IssueAct.Apply, opens: true),
        [Kind.Review] = Lifecycle([Role.Hospital, Role.Pharmacy], Profession.Pharmacist, ReviewAct.Apply),
        [Kind.Confirm] = Lifecycle([Role.Hospital], Profession.Prescriber, ConfirmAct.Apply),
        [Kind.Claim] = Lifecycle([Role.Pharmacy], Profession.Unspecified, ClaimAct.Apply),
        [Kind.ExtendClaim] = Lifecycle([Role.Pharmacy], Profession.Unspecified, HolderActs.Extend),
        [Kind.ReturnClaim] = Lifecycle([Role.Pharmacy], Profession.Unspecified, HolderActs.Return),
        [Kind.Dispense] = Lifecycle([Role.Pharmacy], Profession.Pharmacist, DispenseAct.Apply),
        [Kind.Close] = Lifecycle([Role.Pharmacy], Profession.Unspecified, HolderActs.Close),
        [Kind.Cancel] = Lifecycle([Role.Hospital], Profession.Unspecified, CancelAct.ByIssuer),
        [Kind.RegisterPractitioner] =
            Credential(e => e.RegisterPractitioner.PractitionerId, RegisterAct.Apply, opens: true),
        [Kind.SuspendPractitioner] = Credential(e => e.SuspendPractitioner.PractitionerId, SuspensionActs.Suspend),
        [Kind.ReinstatePractitioner] = Credential(e => e.ReinstatePractitioner.PractitionerId, SuspensionActs.Reinstate),
    }.ToFrozenDictionary();

    private static readonly ActRule PatientCancel =
        Lifecycle([Role.Hospital, Role.Pharmacy], Profession.Unspecified, CancelAct.ByPatient);

    /// <summary>The rule of an event's act, or null when it has none.</summary>
    public static ActRule? Find(Event e) =>
        e.ActCase == Kind.Cancel && e.Cancel.Token is not null ? PatientCancel : ByKind.GetValueOrDefault(e.ActCase);

    private static ActRule Lifecycle(
        Role[] roles, Profession signer, Func<ActContext, Outcome> handler, bool opens = false) =>
        new(ChainKind.Prescription, e => e.PrescriptionId, roles, signer, handler, opens);

    private static ActRule Credential(
        Func<Event, ByteString> subject, Func<ActContext, Outcome> handler, bool opens = false) =>
        new(ChainKind.Practitioner, subject, [Role.Regulator], Profession.Unspecified, handler, opens);
}
