using Google.Protobuf;
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
        ?? OptionalName("content_custodian", m.ContentCustodian);

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
        ?? TokenOf(m.Token);

    private static string? CancelOf(Cancel m) => Reason("reason_code", m.ReasonCode) ?? TokenOf(m.Token);

    private static string? TokenOf(TokenAuthority? m) =>
        m is null ? null : PublicKey("token.token_key", m.TokenKey) ?? Bytes("token.signature", m.Signature, SignatureBytes);

    private static string? DispenseOf(Dispense m) =>
        Count("items", m.Items.Count, 1, 32)
        ?? Each("items", m.Items, ItemOf)
        ?? Bytes("content_commitment", m.ContentCommitment, HashBytes)
        ?? OptionalName("payer", m.Payer);

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
        ?? That("split", m.Split == m.Taken < m.Content, "does not agree with taken and content");

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
