using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Client;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Bench.Workload;

/// <summary>A prescriber or pharmacist with a key of their own.</summary>
internal sealed class Practitioner(Profession profession)
{
    public P256PrivateKey Key { get; } = P256PrivateKey.Generate();

    public ByteString Id { get; } = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));

    public EventSigner Signer => new(Key);

    public RegisterPractitioner Registration(string network, string organisation)
    {
        var registration = new RegisterPractitioner
        {
            PractitionerId = Id,
            Profession = profession,
            Organisations = { organisation },
            PublicKey = ByteString.CopyFrom(Key.PublicKey.Encoded),
            Custody = Custody.OwnDevice,
            CredentialCommitment = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)),
        };
        byte[] body = ProofOfPossession.Body(network, registration);
        registration.ProofOfPossession = ByteString.CopyFrom(Key.SignDigest(Dsse.Digest(ProofOfPossession.PayloadType, body)));
        return registration;
    }
}
