using System.Text;
using Google.Protobuf;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Testing.Node;

/// <summary>Keys and genesis of a small network: one validating regulator, two hospitals, two pharmacies, an insurer.</summary>
internal sealed class TestNetwork : IDisposable
{
    public const string Origin = "rx.test/0123456789abcdef";
    public const string Validator = "regulator";

    private const long HourMs = 3_600_000;

    private readonly Dictionary<string, P256PrivateKey> _keys = [];
    private readonly Ed25519PrivateKey _cosignerKey = Ed25519PrivateKey.Generate();
    private readonly Ed25519PrivateKey _logKey = Ed25519PrivateKey.Generate();

    public TestNetwork(Action<Policy>? change = null)
    {
        var policy = DefaultPolicy.With(new Policy
        {
            ContractVersion = 1,
            ClaimPeriodMs = 2 * HourMs,
            LongestWindowMs = 30 * 24 * HourMs,
            BaseWindowHeights = 64,
            BucketBits = 8,
        });
        change?.Invoke(policy);
        Quorum = QuorumRule.Write(
            [VerifierKey.Create(Origin, NoteAlgorithm.Ed25519, _logKey.PublicKey)],
            [VerifierKey.Create(Validator, NoteAlgorithm.CosignatureV1, _cosignerKey.PublicKey)]);
        Genesis = new GenesisLeaf
        {
            Origin = Origin,
            CreatedMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - HourMs,
            Members = [.. Members().OrderBy(m => m.Name, StringComparer.Ordinal)],
            Policy = policy,
            QuorumText = Quorum,
        };
    }

    public Ed25519PrivateKey NodeKey { get; } = Ed25519PrivateKey.Generate();

    public GenesisLeaf Genesis { get; }

    /// <summary>The policy text that a member holds.</summary>
    public string Quorum { get; }

    public TlogPolicy Policy => TlogPolicy.TryParse(Encoding.UTF8.GetBytes(Quorum), out var policy, out _)
        ? policy : throw new InvalidOperationException("The quorum is no policy.");

    /// <summary>The signing key of an organisation or practitioner, made when first asked for.</summary>
    public P256PrivateKey Key(string name)
    {
        lock (_keys)
            return _keys.TryGetValue(name, out var key) ? key : _keys[name] = P256PrivateKey.Generate();
    }

    public static ByteString Id(string name) => ByteString.CopyFrom(Hash32.Sha256(Encoding.UTF8.GetBytes(name)).Span[..16]);

    public ByteString KeyId(string name) =>
        ByteString.CopyFrom(RxChain.Prescriptions.KeyId.Of(RxChain.Prescriptions.KeyId.EcdsaP256, Key(name).PublicKey.Encoded));

    /// <summary>The envelope of an event that names its keys already.</summary>
    public byte[] Sign(Event act, params string[] signers)
    {
        byte[] payload = act.ToByteArray();
        return SignedEvent.Encode(payload, [.. signers.Select(name => Key(name).SignDigest(Dsse.EventId(payload)))]);
    }

    /// <summary>The registration of a practitioner by the regulator, with a proof of possession.</summary>
    public Event Registration(string name, Profession profession, long timeMs, params string[] organisations)
    {
        var registration = new RegisterPractitioner
        {
            PractitionerId = Id(name),
            Profession = profession,
            Organisations = { organisations },
            PublicKey = ByteString.CopyFrom(Key(name).PublicKey.Encoded),
            Custody = Custody.OwnDevice,
            CredentialCommitment = ByteString.CopyFrom(new byte[32]),
        };
        byte[] body = ProofOfPossession.Body(Origin, registration);
        var signature = Key(name).SignDigest(Dsse.Digest(ProofOfPossession.PayloadType, body));
        registration.ProofOfPossession = ByteString.CopyFrom(signature);
        return new Event
        {
            Network = Origin,
            Organisation = Validator,
            Role = Role.Regulator,
            TimeMs = timeMs,
            KeyIds = { KeyId(Validator) },
            Sequence = 1,
            RegisterPractitioner = registration,
        };
    }

    /// <summary>A checkpoint as published.</summary>
    public SignedCheckpoint Sign(Checkpoint checkpoint, long timeSeconds) => new(checkpoint,
        [new LogSigner(Origin, _logKey).Sign(checkpoint.ToString()), new Cosigner(Validator, _cosignerKey).Sign(checkpoint, timeSeconds)]);

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
        NodeKey.Dispose();
        _cosignerKey.Dispose();
        _logKey.Dispose();
    }

    private IEnumerable<MemberCard> Members()
    {
        yield return MemberCard.Create(Origin, Validator, [Role.Regulator], Key(Validator), NodeKey, _cosignerKey, _logKey);
        foreach (string hospital in new[] { "hospital", "hospital-2" })
            yield return MemberCard.Create(Origin, hospital, [Role.Hospital], Key(hospital));
        foreach (string pharmacy in new[] { "pharmacy-a", "pharmacy-b" })
            yield return MemberCard.Create(Origin, pharmacy, [Role.Pharmacy], Key(pharmacy));
        yield return MemberCard.Create(Origin, "insurer", [Role.Insurer], Key("insurer"));
    }
}
