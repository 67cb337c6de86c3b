using Google.Protobuf;
using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Side acts.</summary>
public partial class EventRangeTests
{
    private static readonly (string Path, Func<Event> Good, Action<Event> Spoil)[] SideCases =
    [
        ("prescription_id", Access, e => e.PrescriptionId = ByteString.Empty),
        ("sequence", Access, e => e.Sequence = 0),
        ("previous_event_id", Access, e => e.PreviousEventId = ByteString.Empty),
        ("settle.dispense_id", Settle, e => e.Settle.DispenseId = Short),
        ("settle.amount_commitment", Settle, e => e.Settle.AmountCommitment = Short),
        ("settle.reason_code", Settle, e => e.Settle.ReasonCode = 65_536),
        ("adjust_settlement.dispense_id", Adjust, e => e.AdjustSettlement.DispenseId = Short),
        ("adjust_settlement.amount_commitment", Adjust, e => e.AdjustSettlement.AmountCommitment = Short),
        ("adjust_settlement.reason_code", Adjust, e => e.AdjustSettlement.ReasonCode = 0),
        ("hold.reason_code", Hold, e => e.Hold.ReasonCode = 0),
        ("hold.until_ms", Hold, e => e.Hold.UntilMs = 0),
        ("lift_hold.reason_code", World.LiftHold, e => e.LiftHold.ReasonCode = 0),
        ("open_dispute.event_id", Open, e => e.OpenDispute.EventId = Short),
        ("open_dispute.reason_code", Open, e => e.OpenDispute.ReasonCode = 0),
        ("open_dispute.statement_commitment", Open, e => e.OpenDispute.StatementCommitment = Short),
        ("open_dispute.token.token_key", Open, e => e.OpenDispute.Token.TokenKey = NotAKey),
        ("open_dispute.token.signature", Open, e => e.OpenDispute.Token.Signature = Short),
        ("withdraw_dispute.dispute_id", Withdraw, e => e.WithdrawDispute.DisputeId = Short),
        ("withdraw_dispute.token.token_key", Withdraw, e => e.WithdrawDispute.Token.TokenKey = NotAKey),
        ("withdraw_dispute.token.signature", Withdraw, e => e.WithdrawDispute.Token.Signature = Short),
        ("extend_dispute.dispute_id", Extend, e => e.ExtendDispute.DisputeId = Short),
        ("extend_dispute.reason_code", Extend, e => e.ExtendDispute.ReasonCode = 0),
        ("resolve_dispute.dispute_id", Resolve, e => e.ResolveDispute.DisputeId = Short),
        ("resolve_dispute.resolution_code", Resolve, e => e.ResolveDispute.ResolutionCode = 0),
        ("resolve_dispute.statement_commitment", Resolve, e => e.ResolveDispute.StatementCommitment = Short),
        ("add_evidence.dispute_id", Evidence, e => e.AddEvidence.DisputeId = Short),
        ("add_evidence.evidence_commitment", Evidence, e => e.AddEvidence.EvidenceCommitment = Short),
        ("add_evidence.token.token_key", Evidence, e => e.AddEvidence.Token.TokenKey = NotAKey),
        ("add_evidence.token.signature", Evidence, e => e.AddEvidence.Token.Signature = Short),
        ("record_access.purpose_code", Access, e => e.RecordAccess.PurposeCode = 0),
        ("give_consent.grantee", Give, e => e.GiveConsent.Grantee = ""),
        ("give_consent.purpose_code", Give, e => e.GiveConsent.PurposeCode = 0),
        ("give_consent.until_ms", Give, e => e.GiveConsent.UntilMs = -1),
        ("give_consent.token.token_key", Give, e => e.GiveConsent.Token.TokenKey = NotAKey),
        ("give_consent.token.signature", Give, e => e.GiveConsent.Token.Signature = Short),
        ("withdraw_consent.grantee", TakeBack, e => e.WithdrawConsent.Grantee = "A"),
        ("withdraw_consent.purpose_code", TakeBack, e => e.WithdrawConsent.PurposeCode = 65_536),
        ("withdraw_consent.token.token_key", TakeBack, e => e.WithdrawConsent.Token.TokenKey = NotAKey),
        ("withdraw_consent.token.signature", TakeBack, e => e.WithdrawConsent.Token.Signature = Short),
        ("erase.reason_code", World.Erase, e => e.Erase.ReasonCode = 0),
        ("erase.order_commitment", World.Erase, e => e.Erase.OrderCommitment = Hash("order")),
        ("erase.order_commitment", World.EraseByOrder, e => e.Erase.OrderCommitment = ByteString.Empty),
    ];

    private static Event Settle() => World.Settle(Hash("supply"));

    private static Event Adjust() => World.AdjustSettlement(Hash("supply"));

    private static Event Hold() => World.Hold(World.Now + Day);

    private static Event Open() => World.PatientDispute(Hash("act"));

    private static Event Withdraw() => Changed(World.WithdrawDispute(Hash("dispute")), e => e.WithdrawDispute.Token = Token());

    private static Event Extend() => World.ExtendDispute(Hash("dispute"));

    private static Event Resolve() => World.ResolveDispute(Hash("dispute"));

    private static Event Evidence() => Changed(World.AddEvidence(Hash("dispute")), e => e.AddEvidence.Token = Token());

    private static Event Access() => World.RecordAccess();

    private static Event Give() => Changed(World.GiveConsent("pharmacy-a", World.Now + Day), e => e.GiveConsent.Token = Token());

    private static Event TakeBack() => Changed(World.WithdrawConsent("pharmacy-a"), e => e.WithdrawConsent.Token = Token());
}
