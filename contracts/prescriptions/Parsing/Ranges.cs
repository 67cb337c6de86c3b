using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Rules;
using static RxChain.Prescriptions.Parsing.FieldChecks;

namespace RxChain.Prescriptions.Parsing;

/// <summary>The ranges that events.proto states. Each check is null, or names the field and what is wrong.</summary>
internal static partial class Ranges
{
    public static string? Check(Event e) =>
        ActRules.Find(e) is { } rule
            ? Header(e) ?? Chain(e, rule) ?? ActOf(e)
            : "act: none";

    private static string? Header(Event e) =>
        Text("network", e.Network, 128)
        ?? Name("organisation", e.Organisation)
        ?? Given("role", e.Role != Role.Unspecified)
        ?? OptionalBytes("author_id", e.AuthorId, IdBytes)
        ?? OptionalBytes("responsible_id", e.ResponsibleId, IdBytes)
        ?? That("author_id", e.AuthorId.IsEmpty || e.AuthorId != e.ResponsibleId, "the same as responsible_id")
        ?? Time("time_ms", e.TimeMs)
        ?? Count("key_ids", e.KeyIds.Count, 0, 2)
        ?? Each("key_ids", e.KeyIds, static id => Bytes("", id, HashBytes));

    private static string? Chain(Event e, ActRule rule) => rule.Chain == ChainKind.Network ? NoChain(e) :
        Bytes("prescription_id", e.PrescriptionId, rule.Chain == ChainKind.Practitioner ? 0 : IdBytes)
        ?? Within("sequence", e.Sequence, 1, rule.Opens ? 1 : uint.MaxValue)
        ?? Bytes("previous_event_id", e.PreviousEventId, e.Sequence == 1 && rule.Chain != ChainKind.Side ? 0 : HashBytes);

    private static string? NoChain(Event e) =>
        Bytes("prescription_id", e.PrescriptionId, 0)
        ?? Within("sequence", e.Sequence, 0, 0)
        ?? Bytes("previous_event_id", e.PreviousEventId, 0);

    private static string? ActOf(Event e) => e.ActCase switch
    {
        Event.ActOneofCase.Issue => Under("issue", IssueOf(e.Issue, e.PrescriptionId)),
        Event.ActOneofCase.Review => Under("review", ReviewOf(e.Review)),
        Event.ActOneofCase.Confirm =>
            Bytes("confirm.answer_commitment", e.Confirm.AnswerCommitment, HashBytes),
        Event.ActOneofCase.Claim => Under("claim", ClaimOf(e.Claim)),
        Event.ActOneofCase.ReturnClaim => Reason("return_claim.reason_code", e.ReturnClaim.ReasonCode),
        Event.ActOneofCase.Dispense => Under("dispense", DispenseOf(e.Dispense)),
        Event.ActOneofCase.Close => Reason("close.reason_code", e.Close.ReasonCode),
        Event.ActOneofCase.Cancel => Under("cancel", CancelOf(e.Cancel)),
        Event.ActOneofCase.RecordSupply => Under("record_supply", RecordSupplyOf(e.RecordSupply)),
        Event.ActOneofCase.EmergencySupply => Under("emergency_supply", EmergencySupplyOf(e.EmergencySupply)),
        Event.ActOneofCase.Correct => Under("correct", CorrectOf(e.Correct)),
        Event.ActOneofCase.Reverse => Under("reverse", ReverseOf(e.Reverse)),
        Event.ActOneofCase.ReplaceToken => Under("replace_token", ReplaceTokenOf(e.ReplaceToken)),
        Event.ActOneofCase.BindToken => Under("bind_token", BindTokenOf(e.BindToken)),
        Event.ActOneofCase.RegisterPractitioner => Under("register_practitioner", RegisterOf(e.RegisterPractitioner)),
        Event.ActOneofCase.SuspendPractitioner => Under("suspend_practitioner", SuspendOf(e.SuspendPractitioner)),
        Event.ActOneofCase.ReinstatePractitioner =>
            Bytes("reinstate_practitioner.practitioner_id", e.ReinstatePractitioner.PractitionerId, IdBytes),
        _ => SideActOf(e) ?? NetworkActOf(e),
    };
}
