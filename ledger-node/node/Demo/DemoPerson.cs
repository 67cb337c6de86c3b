using Google.Protobuf;
using RxChain.Client;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Node.Demo;

/// <summary>A prescriber, a pharmacist, or a patient's token: somebody with a key of their own.</summary>
internal sealed class DemoPerson
{
    private readonly P256PrivateKey _key = P256PrivateKey.Generate();

    public ByteString Id { get; } = ByteString.CopyFrom(DemoRandom.Bytes(16));

    public EventSigner Signer => new(_key);

    public byte[] PublicKey => _key.PublicKey.Encoded.ToArray();

    /// <summary>The private key: PKCS#8 in PEM.</summary>
    public string ExportPem() => System.Security.Cryptography.PemEncoding.WriteString("PRIVATE KEY", _key.ExportPkcs8());

    /// <summary>The registration that a regulator signs, with this person's proof of possession.</summary>
    public RegisterPractitioner Registration(string network, Profession profession, string organisation)
    {
        var registration = new RegisterPractitioner
        {
            PractitionerId = Id,
            Profession = profession,
            Organisations = { organisation },
            PublicKey = ByteString.CopyFrom(PublicKey),
            Custody = Custody.OwnDevice,
            CredentialCommitment = ByteString.CopyFrom(DemoRandom.Bytes(32)),
        };
        registration.ProofOfPossession = Sign(ProofOfPossession.PayloadType, ProofOfPossession.Body(network, registration));
        return registration;
    }

    /// <summary>Hands a prescription to a pharmacy: the token's signature for this claim.</summary>
    public TokenAuthority Token(string network, ByteString prescriptionId, string pharmacy, uint claimNumber) => new()
    {
        TokenKey = ByteString.CopyFrom(PublicKey),
        Signature = Sign(Statements.Claim, Statements.ClaimBody(network, prescriptionId.Span, pharmacy, claimNumber)),
    };

    private ByteString Sign(string payloadType, byte[] body) =>
        ByteString.CopyFrom(_key.SignDigest(Dsse.Digest(payloadType, body)));
}

/// <summary>Randomness of the demo.</summary>
internal static class DemoRandom
{
    public static byte[] Bytes(int count) => System.Security.Cryptography.RandomNumberGenerator.GetBytes(count);
}
