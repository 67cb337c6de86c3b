using Google.Protobuf;
using RxChain.Prescriptions.Events;

namespace RxChain.Interop;

/// <summary>What the issuing hospital adds to a prescription.</summary>
public sealed record IssueTerms
{
    /// <summary>Public key of the patient's token, 65 bytes, or empty: then only the nominee can claim.</summary>
    public ReadOnlyMemory<byte> TokenKey { get; init; }

    /// <summary>Pharmacy that may claim without the token, or empty.</summary>
    public string Nominee { get; init; } = "";

    /// <summary>Organisation that keeps the content, or empty: the issuer.</summary>
    public string ContentCustodian { get; init; } = "";

    /// <summary>Ledger id of the repeat that comes before this one, 16 bytes, or empty.</summary>
    public ReadOnlyMemory<byte> AfterId { get; init; }
}

/// <summary>An Issue and what opens its commitments.</summary>
/// <param name="Issue">Goes on the ledger, under a prescription id of 16 random bytes that the caller chooses.</param>
/// <param name="Document">Opens <c>content_commitment</c>.</param>
/// <param name="Lines">Opens the commitment of each line, in order.</param>
public sealed record IssueDraft(Issue Issue, CommittedContent Document, IReadOnlyList<CommittedContent> Lines);

/// <summary>Makes an Issue of a prescription.</summary>
public static class IssueBuilder
{
    /// <summary>Builds the event. <paramref name="newSalt"/> returns 32 fresh random bytes at each call.</summary>
    public static IssueDraft Build(FhirPrescription prescription, IssueTerms terms, Func<byte[]> newSalt)
    {
        var document = new CommittedContent(Commitment.PrescriptionDomain, newSalt(), prescription.Document);
        List<CommittedContent> lines =
            [.. prescription.Lines.Select(line => new CommittedContent(Commitment.LineDomain, newSalt(), line.Content))];
        var issue = new Issue
        {
            NotBeforeMs = prescription.Window.NotBeforeMs,
            NotAfterMs = prescription.Window.NotAfterMs,
            ContentCommitment = UnsafeByteOperations.UnsafeWrap(document.Commit()),
            TokenKey = ByteString.CopyFrom(terms.TokenKey.Span),
            Nominee = terms.Nominee,
            ContentCustodian = terms.ContentCustodian,
            Group = Group(prescription.Repeat, terms.AfterId),
        };
        issue.Lines.AddRange(prescription.Lines.Zip(lines, Line));
        return new(issue, document, lines);
    }

    private static Line Line(FhirLine line, CommittedContent content) => new()
    {
        Commitment = UnsafeByteOperations.UnsafeWrap(content.Commit()),
        Units = line.Units,
        SubstitutionForbidden = line.SubstitutionForbidden,
    };

    private static Group? Group(FhirRepeat? repeat, ReadOnlyMemory<byte> afterId) => repeat is null ? null : new()
    {
        GroupId = UnsafeByteOperations.UnsafeWrap(repeat.Id.ToByteArray(bigEndian: true)),
        Number = repeat.Number,
        Of = repeat.Of,
        AfterId = ByteString.CopyFrom(afterId.Span),
    };
}
