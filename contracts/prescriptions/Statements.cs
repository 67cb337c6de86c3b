using Google.Protobuf;
using RxChain.Prescriptions.Events;

namespace RxChain.Prescriptions;

/// <summary>What somebody else than the signers of an event states inside it: the patient's token, or a payer's
/// presence attestation. The signature covers the DSSE pre-authentication encoding of the payload type and the
/// body; docs/FORMAT.md has the grammar.</summary>
public static class Statements
{
    /// <summary>Payload type of a token's claim: hands the prescription to one pharmacy, once.</summary>
    public const string Claim = "application/vnd.rxchain.claim-token.v1";

    /// <summary>Payload type of a cancellation by the patient.</summary>
    public const string Cancel = "application/vnd.rxchain.cancel-token.v1";

    /// <summary>Payload type of a presence attestation.</summary>
    public const string Presence = "application/vnd.rxchain.presence.v1";

    /// <summary>Payload types of the other acts of a token.</summary>
    public const string Supply = "application/vnd.rxchain.supply-token.v1";

    /// <inheritdoc cref="Supply"/>
    public const string Bind = "application/vnd.rxchain.bind-token.v1";

    /// <inheritdoc cref="Supply"/>
    public const string OpenDispute = "application/vnd.rxchain.dispute-token.v1";

    /// <inheritdoc cref="Supply"/>
    public const string WithdrawDispute = "application/vnd.rxchain.withdraw-token.v1";

    /// <inheritdoc cref="Supply"/>
    public const string Evidence = "application/vnd.rxchain.evidence-token.v1";

    /// <inheritdoc cref="Supply"/>
    public const string GiveConsent = "application/vnd.rxchain.consent-token.v1";

    /// <inheritdoc cref="Supply"/>
    public const string WithdrawConsent = "application/vnd.rxchain.withdraw-consent-token.v1";

    /// <summary>Body of a claim or of a cancellation.</summary>
    /// <param name="network">Origin of the network.</param>
    /// <param name="prescriptionId">The prescription, 16 bytes.</param>
    /// <param name="organisation">The pharmacy that may claim; the organisation that submits the cancellation.</param>
    /// <param name="number">Number of the claim; sequence of the Cancel event, so that it dies with the next act.</param>
    public static byte[] ClaimBody(string network, ReadOnlySpan<byte> prescriptionId, string organisation, uint number) =>
        new BodyWriter().Text(network).Fixed(prescriptionId).Text(organisation).Number(number).ToArray();

    /// <summary>Body of a presence attestation.</summary>
    /// <param name="network">Origin of the network.</param>
    /// <param name="prescriptionId">The prescription, 16 bytes.</param>
    /// <param name="pharmacy">The pharmacy that may claim.</param>
    /// <param name="claimNumber">Number of the claim.</param>
    /// <param name="attestedMs">When it was attested, ms since the Unix epoch.</param>
    public static byte[] PresenceBody(
        string network, ReadOnlySpan<byte> prescriptionId, string pharmacy, uint claimNumber, long attestedMs) =>
        new BodyWriter().Text(network).Fixed(prescriptionId).Text(pharmacy).Number(claimNumber).Time(attestedMs).ToArray();

    /// <summary>The statement that an event carries, with what its signature must cover.</summary>
    /// <returns>False when the event carries none.</returns>
    public static bool TryRead(Event e, out Statement statement)
    {
        statement = e.ActCase switch
        {
            Event.ActOneofCase.Claim when e.Claim.Presence is { } presence => new(
                presence.PayerKey, presence.Signature, Presence,
                PresenceBody(e.Network, e.PrescriptionId.Span, e.Organisation, e.Claim.ClaimNumber, presence.AttestedMs)),
            Event.ActOneofCase.Claim => Of(e.Claim.Token, Claim, e,
                static e => ClaimBody(e.Network, e.PrescriptionId.Span, e.Organisation, e.Claim.ClaimNumber)),
            Event.ActOneofCase.Cancel => Of(e.Cancel.Token, Cancel, e,
                static e => ClaimBody(e.Network, e.PrescriptionId.Span, e.Organisation, e.Sequence)),
            Event.ActOneofCase.RecordSupply => Of(e.RecordSupply.Token, Supply, e, SupplyBody),
            Event.ActOneofCase.BindToken => Of(e.BindToken.Token, Bind, e,
                static e => Body(e).Text(e.BindToken.Pharmacy).ToArray()),
            Event.ActOneofCase.OpenDispute => Of(e.OpenDispute.Token, OpenDispute, e,
                static e => Body(e).Fixed(e.OpenDispute.EventId.Span).Fixed(e.OpenDispute.StatementCommitment.Span).ToArray()),
            Event.ActOneofCase.WithdrawDispute => Of(e.WithdrawDispute.Token, WithdrawDispute, e,
                static e => Body(e).Fixed(e.WithdrawDispute.DisputeId.Span).ToArray()),
            Event.ActOneofCase.AddEvidence => Of(e.AddEvidence.Token, Evidence, e,
                static e => Body(e).Fixed(e.AddEvidence.DisputeId.Span).Fixed(e.AddEvidence.EvidenceCommitment.Span).ToArray()),
            Event.ActOneofCase.GiveConsent => Of(e.GiveConsent.Token, GiveConsent, e, ConsentBody),
            Event.ActOneofCase.WithdrawConsent => Of(e.WithdrawConsent.Token, WithdrawConsent, e,
                static e => Body(e).Text(e.WithdrawConsent.Grantee).Number(e.WithdrawConsent.PurposeCode).ToArray()),
            _ => default,
        };
        return statement.Body is not null;
    }

    private static Statement Of(TokenAuthority? token, string payloadType, Event e, Func<Event, byte[]> body) =>
        token is null ? default : new Statement(token.TokenKey, token.Signature, payloadType, body(e));

    /// <summary>Without the sequence: the pharmacy is cut off from the ledger when the token signs.</summary>
    private static byte[] SupplyBody(Event e) => new BodyWriter()
        .Text(e.Network).Fixed(e.PrescriptionId.Span).Text(e.Organisation).Time(e.TimeMs).ToArray();

    private static byte[] ConsentBody(Event e) => Body(e)
        .Text(e.GiveConsent.Grantee).Number(e.GiveConsent.PurposeCode).Time(e.GiveConsent.UntilMs).ToArray();

    /// <summary>Begins the body of an act of a token: it holds for this place in the chain and this moment only.</summary>
    private static BodyWriter Body(Event e) => new BodyWriter()
        .Text(e.Network).Fixed(e.PrescriptionId.Span).Text(e.Organisation).Number(e.Sequence).Time(e.TimeMs);
}

/// <summary>A statement inside an event: who made it, and the payload type and body that it must have signed.</summary>
/// <param name="PublicKey">P-256, 65 bytes.</param>
/// <param name="Signature">64 bytes r||s.</param>
/// <param name="PayloadType">DSSE payload type.</param>
/// <param name="Body">DSSE body.</param>
public readonly record struct Statement(ByteString PublicKey, ByteString Signature, string PayloadType, byte[] Body);
