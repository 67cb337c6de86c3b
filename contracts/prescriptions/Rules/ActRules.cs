using System.Collections.Frozen;
using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Rules.Network;
using Kind = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.Prescriptions.Rules;

/// <summary>Whose chain of acts an event extends.</summary>
internal enum ChainKind
{
    Prescription,
    Practitioner,

    /// <summary>None: it is about a prescription, and cites an act of it.</summary>
    Side,

    /// <summary>None: it is about the network.</summary>
    Network,
}

/// <summary>What holds for one kind of act, whatever the state.</summary>
/// <param name="Chain">Whose chain it extends.</param>
/// <param name="Subject">Reads the id of that prescription or practitioner; empty for the network.</param>
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
    /// <summary>True when the act may reach the ledger within the reporting period, and out of order.</summary>
    public bool Late { get; init; }

    /// <summary>True when policy may name organisations that do this without the role.</summary>
    public bool Delegable { get; init; }

    public bool NeedsPractitioner => Signer != Profession.Unspecified;
}

/// <summary>Every kind of act. A new kind is a row here, its ranges, and its handler.</summary>
internal static class ActRules
{
    private static readonly Role[] Everybody = [Role.Hospital, Role.Pharmacy, Role.Regulator, Role.Insurer];

    private static readonly FrozenDictionary<Kind, ActRule> ByKind = new Dictionary<Kind, ActRule>
    {
        [Kind.Issue] = Lifecycle([Role.Hospital], Profession.Prescriber, IssueAct.Apply, opens: true),
        [Kind.Review] = Lifecycle([Role.Hospital, Role.Pharmacy], Profession.Pharmacist, ReviewAct.Apply),
        [Kind.Confirm] = Lifecycle([Role.Hospital], Profession.Prescriber, ConfirmAct.Apply),
        [Kind.Claim] = Lifecycle([Role.Pharmacy], ClaimAct.Apply),
        [Kind.ExtendClaim] = Lifecycle([Role.Pharmacy], HolderActs.Extend),
        [Kind.ReturnClaim] = Lifecycle([Role.Pharmacy], HolderActs.Return),
        [Kind.Dispense] = Lifecycle([Role.Pharmacy], Profession.Pharmacist, DispenseAct.Apply),
        [Kind.Close] = Lifecycle([Role.Pharmacy], HolderActs.Close),
        [Kind.Cancel] = Lifecycle([Role.Hospital], CancelAct.ByIssuer),
        [Kind.RecordSupply] = Lifecycle([Role.Pharmacy], Profession.Pharmacist, RecordSupplyAct.Apply) with { Late = true },
        [Kind.EmergencySupply] = Lifecycle([Role.Pharmacy], Profession.Pharmacist, EmergencySupplyAct.Apply, opens: true),
        [Kind.Correct] = Lifecycle([Role.Pharmacy], Profession.Pharmacist, SupplyActs.Correct),
        [Kind.Reverse] = Lifecycle([Role.Pharmacy], Profession.Pharmacist, SupplyActs.Reverse),
        [Kind.ReplaceToken] = Lifecycle([Role.Hospital], TokenActs.Replace),
        [Kind.BindToken] = Lifecycle([Role.Hospital, Role.Pharmacy], TokenActs.Bind),

        [Kind.Settle] = Side([Role.Insurer], SettlementActs.Settle),
        [Kind.AdjustSettlement] = Side([Role.Insurer], SettlementActs.Adjust),
        [Kind.Hold] = Side([Role.Regulator], HoldActs.Hold),
        [Kind.LiftHold] = Side([Role.Regulator], HoldActs.Lift),
        [Kind.OpenDispute] = Side(Everybody, DisputeActs.Open),
        [Kind.WithdrawDispute] = Side(Everybody, DisputeActs.Withdraw),
        [Kind.ExtendDispute] = Side([Role.Regulator], DisputeActs.Extend),
        [Kind.ResolveDispute] = Side([Role.Regulator], DisputeActs.Resolve),
        [Kind.AddEvidence] = Side(Everybody, DisputeActs.AddEvidence),
        [Kind.RecordAccess] = Side(Everybody, ContentActs.RecordAccess),
        [Kind.GiveConsent] = Side([Role.Hospital], ContentActs.GiveConsent),
        [Kind.WithdrawConsent] = Side([Role.Hospital], ContentActs.WithdrawConsent),
        [Kind.Erase] = Side(Everybody, ContentActs.Erase),

        [Kind.RegisterPractitioner] =
            Credential(e => e.RegisterPractitioner.PractitionerId, RegisterAct.Apply, opens: true) with { Delegable = true },
        [Kind.SuspendPractitioner] = Credential(e => e.SuspendPractitioner.PractitionerId, SuspensionActs.Suspend),
        [Kind.ReinstatePractitioner] = Credential(e => e.ReinstatePractitioner.PractitionerId, SuspensionActs.Reinstate),

        [Kind.Propose] = Network(ProposalActs.Propose),
        [Kind.Vote] = Network(ProposalActs.Vote),
    }.ToFrozenDictionary();

    // What a patient does goes through any hospital or pharmacy.
    private static readonly FrozenDictionary<Kind, ActRule> ByPatient = new Dictionary<Kind, ActRule>
    {
        [Kind.Cancel] = Lifecycle([Role.Hospital, Role.Pharmacy], CancelAct.ByPatient),
        [Kind.OpenDispute] = Side([Role.Hospital, Role.Pharmacy], DisputeActs.Open),
        [Kind.WithdrawDispute] = Side([Role.Hospital, Role.Pharmacy], DisputeActs.Withdraw),
        [Kind.AddEvidence] = Side([Role.Hospital, Role.Pharmacy], DisputeActs.AddEvidence),
        [Kind.GiveConsent] = Side([Role.Hospital, Role.Pharmacy], ContentActs.GiveConsent),
        [Kind.WithdrawConsent] = Side([Role.Hospital, Role.Pharmacy], ContentActs.WithdrawConsent),
    }.ToFrozenDictionary();

    /// <summary>The rule of an event's act, or null when it has none.</summary>
    public static ActRule? Find(Event e) =>
        TokenOf(e) is not null && ByPatient.TryGetValue(e.ActCase, out ActRule? rule)
            ? rule
            : ByKind.GetValueOrDefault(e.ActCase);

    /// <summary>The token's authority in an act that a patient or an organisation may do.</summary>
    public static TokenAuthority? TokenOf(Event e) => e.ActCase switch
    {
        Kind.Cancel => e.Cancel.Token,
        Kind.OpenDispute => e.OpenDispute.Token,
        Kind.WithdrawDispute => e.WithdrawDispute.Token,
        Kind.AddEvidence => e.AddEvidence.Token,
        Kind.GiveConsent => e.GiveConsent.Token,
        Kind.WithdrawConsent => e.WithdrawConsent.Token,
        _ => null,
    };

    private static ActRule Lifecycle(Role[] roles, Func<ActContext, Outcome> handler) =>
        Lifecycle(roles, Profession.Unspecified, handler);

    private static ActRule Lifecycle(
        Role[] roles, Profession signer, Func<ActContext, Outcome> handler, bool opens = false) =>
        new(ChainKind.Prescription, e => e.PrescriptionId, roles, signer, handler, opens);

    private static ActRule Side(Role[] roles, Func<ActContext, Outcome> handler) =>
        new(ChainKind.Side, e => e.PrescriptionId, roles, Profession.Unspecified, handler);

    private static ActRule Credential(
        Func<Event, ByteString> subject, Func<ActContext, Outcome> handler, bool opens = false) =>
        new(ChainKind.Practitioner, subject, [Role.Regulator], Profession.Unspecified, handler, opens);

    private static ActRule Network(Func<ActContext, Outcome> handler) =>
        new(ChainKind.Network, _ => ByteString.Empty, Everybody, Profession.Unspecified, handler);
}
