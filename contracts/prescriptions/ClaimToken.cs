using RxChain.Prescriptions.Events;

namespace RxChain.Prescriptions;

/// <summary>What the patient's token signs. The signature covers the DSSE pre-authentication encoding of the
/// payload type and the body; docs/FORMAT.md has the grammar.</summary>
public static class ClaimToken
{
    /// <summary>Payload type of a claim: hands the prescription to one pharmacy, once.</summary>
    public const string ClaimPayloadType = "application/vnd.rxchain.claim-token.v1";

    /// <summary>Payload type of a cancellation by the patient.</summary>
    public const string CancelPayloadType = "application/vnd.rxchain.cancel-token.v1";

    /// <summary>Body of a claim.</summary>
    /// <param name="network">Origin of the network.</param>
    /// <param name="prescriptionId">The prescription, 16 bytes.</param>
    /// <param name="pharmacy">The pharmacy that may claim.</param>
    /// <param name="claimNumber">Number of the claim, as in Claim.</param>
    public static byte[] ClaimBody(string network, ReadOnlySpan<byte> prescriptionId, string pharmacy, uint claimNumber) =>
        Body(network, prescriptionId, pharmacy, claimNumber);

    /// <summary>Body of a cancellation.</summary>
    /// <param name="network">Origin of the network.</param>
    /// <param name="prescriptionId">The prescription, 16 bytes.</param>
    /// <param name="organisation">The organisation that submits it for the patient.</param>
    /// <param name="sequence">Sequence of the Cancel event, so that the signature dies with the next act.</param>
    public static byte[] CancelBody(string network, ReadOnlySpan<byte> prescriptionId, string organisation, uint sequence) =>
        Body(network, prescriptionId, organisation, sequence);

    /// <summary>The token authority that an event carries, with what its signature must cover.</summary>
    /// <returns>False when the event carries none.</returns>
    public static bool TryRead(Event e, out TokenStatement statement)
    {
        statement = e.ActCase switch
        {
            Event.ActOneofCase.Claim when e.Claim.Token is { } token => new(token, ClaimPayloadType,
                ClaimBody(e.Network, e.PrescriptionId.Span, e.Organisation, e.Claim.ClaimNumber)),
            Event.ActOneofCase.Cancel when e.Cancel.Token is { } token => new(token, CancelPayloadType,
                CancelBody(e.Network, e.PrescriptionId.Span, e.Organisation, e.Sequence)),
            _ => default,
        };
        return statement.Authority is not null;
    }

    private static byte[] Body(string network, ReadOnlySpan<byte> prescriptionId, string organisation, uint number) =>
        new BodyWriter().Text(network).Fixed(prescriptionId).Text(organisation).Number(number).ToArray();
}

/// <summary>A token's signature and key, and the payload type and body that it must have signed.</summary>
public readonly record struct TokenStatement(TokenAuthority Authority, string PayloadType, byte[] Body);
