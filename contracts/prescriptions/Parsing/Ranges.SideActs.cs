using Google.Protobuf;
using RxChain.Prescriptions.Events;
using static RxChain.Prescriptions.Parsing.FieldChecks;

namespace RxChain.Prescriptions.Parsing;

internal static partial class Ranges
{
    private static string? SideActOf(Event e) => e.ActCase switch
    {
        Event.ActOneofCase.Settle => Under("settle", SettlementOf(
            e.Settle.DispenseId, e.Settle.AmountCommitment) ?? Within("reason_code", e.Settle.ReasonCode, 0, MaxCode)),
        Event.ActOneofCase.AdjustSettlement => Under("adjust_settlement", SettlementOf(
            e.AdjustSettlement.DispenseId, e.AdjustSettlement.AmountCommitment)
            ?? Reason("reason_code", e.AdjustSettlement.ReasonCode)),
        Event.ActOneofCase.Hold => Under("hold", Reason("reason_code", e.Hold.ReasonCode) ?? Time("until_ms", e.Hold.UntilMs)),
        Event.ActOneofCase.LiftHold => Reason("lift_hold.reason_code", e.LiftHold.ReasonCode),
        Event.ActOneofCase.OpenDispute => Under("open_dispute", OpenDisputeOf(e.OpenDispute)),
        Event.ActOneofCase.WithdrawDispute => Under("withdraw_dispute",
            Bytes("dispute_id", e.WithdrawDispute.DisputeId, HashBytes) ?? TokenOf(e.WithdrawDispute.Token)),
        Event.ActOneofCase.ExtendDispute => Under("extend_dispute",
            Bytes("dispute_id", e.ExtendDispute.DisputeId, HashBytes) ?? Reason("reason_code", e.ExtendDispute.ReasonCode)),
        Event.ActOneofCase.ResolveDispute => Under("resolve_dispute", ResolveDisputeOf(e.ResolveDispute)),
        Event.ActOneofCase.AddEvidence => Under("add_evidence", AddEvidenceOf(e.AddEvidence)),
        Event.ActOneofCase.RecordAccess => Reason("record_access.purpose_code", e.RecordAccess.PurposeCode),
        Event.ActOneofCase.GiveConsent => Under("give_consent", GiveConsentOf(e.GiveConsent)),
        Event.ActOneofCase.WithdrawConsent => Under("withdraw_consent", WithdrawConsentOf(e.WithdrawConsent)),
        Event.ActOneofCase.Erase => Under("erase", EraseOf(e.Erase, e.Role)),
        _ => null,
    };

    private static string? SettlementOf(ByteString dispenseId, ByteString amountCommitment) =>
        Bytes("dispense_id", dispenseId, HashBytes) ?? Bytes("amount_commitment", amountCommitment, HashBytes);

    private static string? OpenDisputeOf(OpenDispute m) =>
        Bytes("event_id", m.EventId, HashBytes)
        ?? Reason("reason_code", m.ReasonCode)
        ?? Bytes("statement_commitment", m.StatementCommitment, HashBytes)
        ?? TokenOf(m.Token);

    private static string? ResolveDisputeOf(ResolveDispute m) =>
        Bytes("dispute_id", m.DisputeId, HashBytes)
        ?? Reason("resolution_code", m.ResolutionCode)
        ?? Bytes("statement_commitment", m.StatementCommitment, HashBytes);

    private static string? AddEvidenceOf(AddEvidence m) =>
        Bytes("dispute_id", m.DisputeId, HashBytes)
        ?? Bytes("evidence_commitment", m.EvidenceCommitment, HashBytes)
        ?? TokenOf(m.Token);

    private static string? GiveConsentOf(GiveConsent m) =>
        Name("grantee", m.Grantee)
        ?? Reason("purpose_code", m.PurposeCode)
        ?? Time("until_ms", m.UntilMs)
        ?? TokenOf(m.Token);

    private static string? WithdrawConsentOf(WithdrawConsent m) =>
        Name("grantee", m.Grantee) ?? Reason("purpose_code", m.PurposeCode) ?? TokenOf(m.Token);

    private static string? EraseOf(Erase m, Role role) =>
        Reason("reason_code", m.ReasonCode)
        ?? Bytes("order_commitment", m.OrderCommitment, role == Role.Regulator ? HashBytes : 0);
}
