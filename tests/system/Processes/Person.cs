using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Client;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.SystemTests.Processes;

/// <summary>A practitioner, or a patient's token: somebody with a key of their own.</summary>
internal sealed class Person
{
    /// <summary>The key.</summary>
    public P256PrivateKey Key { get; } = P256PrivateKey.Generate();

    /// <summary>The practitioner's id.</summary>
    public ByteString Id { get; } = RandomBytes(16);

    /// <summary>Signs as this person.</summary>
    public EventSigner Signer => new(Key);

    /// <summary>The public key as events carry it.</summary>
    public ByteString PublicKey => ByteString.CopyFrom(Key.PublicKey.Encoded);

    /// <summary>Bytes nobody has seen.</summary>
    public static ByteString RandomBytes(int count) => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(count));

    /// <summary>The registration that a regulator signs.</summary>
    public RegisterPractitioner Registration(string network, Profession profession, params string[] organisations)
    {
        var registration = new RegisterPractitioner
        {
            PractitionerId = Id,
            Profession = profession,
            Organisations = { organisations },
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

    /// <summary>The token's word in another act than Claim, over what the event says.</summary>
    public TokenAuthority Agree(Event act)
    {
        return Statements.TryRead(act, out var statement)
            ? new TokenAuthority { TokenKey = PublicKey, Signature = Sign(statement.PayloadType, statement.Body) }
            : throw new ArgumentException($"{act.ActCase} carries no statement of a token.", nameof(act));
    }

    private ByteString Sign(string payloadType, byte[] body) => ByteString.CopyFrom(Key.SignDigest(Dsse.Digest(payloadType, body)));
}
