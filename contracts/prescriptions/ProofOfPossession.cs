using RxChain.Prescriptions.Events;

namespace RxChain.Prescriptions;

/// <summary>What a practitioner's new key signs, to show that the practitioner has it. Checked at admission;
/// docs/FORMAT.md has the grammar.</summary>
public static class ProofOfPossession
{
    /// <summary>Payload type of the DSSE encoding that is signed.</summary>
    public const string PayloadType = "application/vnd.rxchain.proof-of-possession.v1";

    /// <summary>Body that is signed.</summary>
    /// <param name="network">Origin of the network.</param>
    /// <param name="registration">The registration that will carry the signature.</param>
    public static byte[] Body(string network, RegisterPractitioner registration) =>
        new BodyWriter()
            .Text(network)
            .Fixed(registration.PractitionerId.Span)
            .Fixed(registration.PublicKey.Span)
            .Byte((byte)registration.Custody)
            .Byte((byte)registration.Profession)
            .Fixed(registration.CredentialCommitment.Span)
            .ToArray();
}
