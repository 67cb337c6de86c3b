using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using static RxChain.Prescriptions.Parsing.FieldChecks;

namespace RxChain.Prescriptions.Parsing;

internal static partial class Ranges
{
    private const uint MaxUnits = 1_000_000;

    private static string? IssueOf(Issue m, ByteString prescriptionId) =>
        Count("lines", m.Lines.Count, 1, 32)
        ?? Each("lines", m.Lines, static line =>
            Bytes("commitment", line.Commitment, HashBytes) ?? Within("units", line.Units, 1, MaxUnits))
        ?? Time("not_before_ms", m.NotBeforeMs)
        ?? Time("not_after_ms", m.NotAfterMs)
        ?? That("not_after_ms", m.NotBeforeMs < m.NotAfterMs, "not after not_before_ms")
        ?? Bytes("content_commitment", m.ContentCommitment, HashBytes)
        ?? (m.TokenKey.IsEmpty ? null : PublicKey("token_key", m.TokenKey))
        ?? OptionalName("nominee", m.Nominee)
        ?? (m.Group is null ? null : Under("group", GroupOf(m.Group, prescriptionId)))
        ?? OptionalName("content_custodian", m.ContentCustodian)
        ?? OptionalBytes("replaces", m.Replaces, IdBytes)
        ?? That("replaces", m.Replaces != prescriptionId, "the prescription itself")
        ?? OptionalBytes("covers", m.Covers, IdBytes)
        ?? That("covers", m.Covers != prescriptionId, "the prescription itself")
        ?? That("covers", m.Covers.IsEmpty || m.Covers != m.Replaces, "the same as replaces");

    private static string? GroupOf(Group m, ByteString prescriptionId) =>
        Bytes("group_id", m.GroupId, IdBytes)
        ?? Within("of", m.Of, 2, 64)
        ?? Within("number", m.Number, 1, m.Of)
        ?? OptionalBytes("after_id", m.AfterId, IdBytes)
        ?? That("after_id", m.AfterId != prescriptionId, "the prescription itself");

    private static string? ReviewOf(Review m) =>
        Given("verdict", m.Verdict != Review.Types.Verdict.Unspecified)
        ?? (m.Verdict == Review.Types.Verdict.Approve
            ? Within("reason_code", m.ReasonCode, 0, 0)
            : Reason("reason_code", m.ReasonCode));

    private static string? ClaimOf(Claim m) =>
        Within("claim_number", m.ClaimNumber, 1, uint.MaxValue)
        ?? Given("authority", m.AuthorityCase != Claim.AuthorityOneofCase.None)
        ?? TokenOf(m.Token)
        ?? (m.Presence is null ? null : Under("presence", PresenceOf(m.Presence)))
        ?? (m.Override is null ? null : Reason("override.reason_code", m.Override.ReasonCode));

    private static string? PresenceOf(PresenceAuthority m) =>
        Name("payer", m.Payer)
        ?? PublicKey("payer_key", m.PayerKey)
        ?? Time("attested_ms", m.AttestedMs)
        ?? Bytes("signature", m.Signature, SignatureBytes);

    private static string? CancelOf(Cancel m) => Reason("reason_code", m.ReasonCode) ?? TokenOf(m.Token);

    private static string? TokenOf(TokenAuthority? m) =>
        m is null ? null : PublicKey("token.token_key", m.TokenKey) ?? Bytes("token.signature", m.Signature, SignatureBytes);

    private static string? DispenseOf(Dispense m) => SupplyOf(m.Items, m.ContentCommitment, m.Payer);

    private static string? RecordSupplyOf(RecordSupply m) =>
        SupplyOf(m.Items, m.ContentCommitment, m.Payer) ?? Reason("reason_code", m.ReasonCode) ?? TokenOf(m.Token);

    private static string? EmergencySupplyOf(EmergencySupply m) =>
        SupplyOf(m.Items, m.ContentCommitment, m.Payer)
        ?? Reason("reason_code", m.ReasonCode)
        ?? Each("items", m.Items, static item => Within("line", item.Line, 0, 31));

    private static string? SupplyOf(RepeatedField<DispensedItem> items, ByteString contentCommitment, string payer) =>
        Count("items", items.Count, 1, 32)
        ?? Each("items", items, ItemOf)
        ?? Bytes("content_commitment", contentCommitment, HashBytes)
        ?? OptionalName("payer", payer);

    private static string? ItemOf(DispensedItem m) =>
        Within("fulfils_units", m.FulfilsUnits, 1, MaxUnits)
        ?? Bytes("product_commitment", m.ProductCommitment, HashBytes)
        ?? Within("substitution_code", m.SubstitutionCode, 0, MaxCode)
        ?? Count("packs", m.Packs.Count, 0, 64)
        ?? Each("packs", m.Packs, PackOf);

    private static string? PackOf(PackUse m) =>
        Bytes("pack_mac", m.PackMac, HashBytes)
        ?? Within("key_version", m.KeyVersion, 1, MaxCode)
        ?? Within("content", m.Content, 1, MaxUnits)
        ?? Within("taken", m.Taken, 1, m.Content)
        ?? That("split", m.Split == m.Taken < m.Content, "does not agree with taken and content")
        ?? OptionalBytes("previous_mac", m.PreviousMac, HashBytes)
        ?? That("previous_mac", m.PreviousMac != m.PackMac, "the same as pack_mac");

    private static string? CorrectOf(Correct m) =>
        Bytes("dispense_id", m.DispenseId, HashBytes)
        ?? Bytes("content_commitment", m.ContentCommitment, HashBytes)
        ?? Reason("reason_code", m.ReasonCode);

    private static string? ReverseOf(Reverse m) =>
        Given("kind", m.Kind != Reverse.Types.Kind.Unspecified)
        ?? Bytes("dispense_id", m.DispenseId, HashBytes)
        ?? Count("items", m.Items.Count, 0, 32)
        ?? Each("items", m.Items, static item => Within("item", item.Item, 0, 31))
        ?? That("items", IsAscending(m.Items), "not ascending")
        ?? Reason("reason_code", m.ReasonCode);

    private static bool IsAscending(RepeatedField<ReversedItem> items)
    {
        for (int i = 1; i < items.Count; i++)
            if (items[i].Item <= items[i - 1].Item) return false;
        return true;
    }

    private static string? ReplaceTokenOf(ReplaceToken m) =>
        PublicKey("token_key", m.TokenKey) ?? Reason("reason_code", m.ReasonCode);

    private static string? BindTokenOf(BindToken m) =>
        OptionalName("pharmacy", m.Pharmacy) ?? Given("token", m.Token is not null) ?? TokenOf(m.Token);

    private static string? RegisterOf(RegisterPractitioner m) =>
        Bytes("practitioner_id", m.PractitionerId, IdBytes)
        ?? Given("profession", m.Profession != Profession.Unspecified)
        ?? Count("organisations", m.Organisations.Count, 1, 32)
        ?? Each("organisations", m.Organisations, static name => Name("", name))
        ?? That("organisations", m.Organisations.Distinct().Count() == m.Organisations.Count, "one is given twice")
        ?? PublicKey("public_key", m.PublicKey)
        ?? Bytes("proof_of_possession", m.ProofOfPossession, SignatureBytes)
        ?? Given("custody", m.Custody != Custody.Unspecified)
        ?? Bytes("credential_commitment", m.CredentialCommitment, HashBytes);

    private static string? SuspendOf(SuspendPractitioner m) =>
        Bytes("practitioner_id", m.PractitionerId, IdBytes) ?? Reason("reason_code", m.ReasonCode);
}
