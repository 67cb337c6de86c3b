using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Client;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.DockerClient;

/// <summary>A practitioner, or a patient's token: somebody with a key of their own.</summary>
internal sealed class Person
{
    private readonly P256PrivateKey _key = P256PrivateKey.Generate();

    public ByteString Id { get; } = RandomBytes(16);

    public EventSigner Signer => new(_key);

    public ByteString PublicKey => ByteString.CopyFrom(_key.PublicKey.Encoded);

    public static ByteString RandomBytes(int count) => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(count));

    /// <summary>The registration that a regulator signs.</summary>
    public RegisterPractitioner Registration(string network, Profession profession, string organisation)
    {
        var registration = new RegisterPractitioner
        {
            PractitionerId = Id,
            Profession = profession,
            Organisations = { organisation },
            PublicKey = PublicKey,
            Custody = Custody.OwnDevice,
            CredentialCommitment = RandomBytes(32),
        };
        registration.ProofOfPossession = Sign(ProofOfPossession.PayloadType, ProofOfPossession.Body(network, registration));
        return registration;
    }

    /// <summary>The token's word that a pharmacy may claim.</summary>
    public TokenAuthority Token(string network, ByteString prescription, string pharmacy, uint claimNumber) => new()
    {
        TokenKey = PublicKey,
        Signature = Sign(Statements.Claim, Statements.ClaimBody(network, prescription.Span, pharmacy, claimNumber)),
    };

    private ByteString Sign(string payloadType, byte[] body) => ByteString.CopyFrom(_key.SignDigest(Dsse.Digest(payloadType, body)));
}

/// <summary>The practitioners of one run.</summary>
internal sealed record People(Person Prescriber, IReadOnlyDictionary<string, Person> Pharmacists)
{
    public static async Task<People> RegisterAsync(ClientNetwork network)
    {
        var prescriber = new Person();
        await network.ActAsync("regulator", e => e.RegisterPractitioner = prescriber.Registration(network.Origin, Profession.Prescriber, "hospital"));
        var pharmacists = new Dictionary<string, Person>();
        foreach (string pharmacy in ClientNetwork.Pharmacies)
        {
            var pharmacist = pharmacists[pharmacy] = new Person();
            await network.ActAsync("regulator", e => e.RegisterPractitioner = pharmacist.Registration(network.Origin, Profession.Pharmacist, pharmacy));
        }
        return new People(prescriber, pharmacists);
    }
}
