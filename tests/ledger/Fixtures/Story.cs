using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Fixtures;

/// <summary>
/// Makes signed events of the fixed network. Ids, commitments and keys follow from names; each event follows the last one
/// that was made about the same prescription or practitioner, unless <see cref="Forget"/> takes it back.
/// </summary>
internal sealed partial class Story
{
    public const string Prescriber = "dr-house";
    public const string Pharmacist = "pharmacist-a";
    private readonly Dictionary<ByteString, Stack<ByteString>> _heads = [];

    /// <summary>When the next act is done.</summary>
    public long NowMs { get; set; } = FixedNetwork.CreatedMs + 60_000;

    public static ByteString Hash(string name) => ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static ByteString Id(string name) => ByteString.CopyFrom(Hash(name).Span[..16]);

    public SignedEvent Register(string name, Profession profession, params string[] organisations)
    {
        var registration = new RegisterPractitioner
        {
            PractitionerId = Id(name),
            Profession = profession,
            Organisations = { organisations },
            PublicKey = ByteString.CopyFrom(FixedKeys.PublicKey(name)),
            Custody = Custody.Card,
            CredentialCommitment = Hash("credential of " + name),
        };
        byte[] body = ProofOfPossession.Body(FixedNetwork.Origin, registration);
        registration.ProofOfPossession = SignatureBy(name, ProofOfPossession.PayloadType, body);
        return Sign(Header(FixedNetwork.Regulator, Role.Regulator), e => e.RegisterPractitioner = registration);
    }

    public SignedEvent Suspend(string name) => Sign(AboutPractitioner(name), e =>
        e.SuspendPractitioner = new SuspendPractitioner { PractitionerId = Id(name), ReasonCode = 9 });

    public SignedEvent Reinstate(string name) => Sign(AboutPractitioner(name), e =>
        e.ReinstatePractitioner = new ReinstatePractitioner { PractitionerId = Id(name) });

    public SignedEvent Issue(string prescription, uint units = 30, Action<Issue>? change = null) =>
        Sign(About(prescription, FixedNetwork.Hospital, Role.Hospital, Prescriber), e =>
        {
            e.Issue = new Issue
            {
                Lines = { new Line { Commitment = Hash("line"), Units = units } },
                NotBeforeMs = FixedNetwork.CreatedMs,
                NotAfterMs = FixedNetwork.CreatedMs + 30L * 86_400_000,
                ContentCommitment = Hash("content"),
                TokenKey = ByteString.CopyFrom(FixedKeys.PublicKey("token of " + prescription)),
            };
            change?.Invoke(e.Issue);
        });

    public SignedEvent Claim(string prescription, string pharmacy = FixedNetwork.PharmacyA) =>
        Sign(About(prescription, pharmacy, Role.Pharmacy), e => e.Claim = new Claim
        {
            ClaimNumber = 1,
            Token = Token(prescription, Statements.Claim, Statements.ClaimBody(e.Network, e.PrescriptionId.Span, pharmacy, 1)),
        });

    public SignedEvent PatientCancel(string prescription) =>
        Sign(About(prescription, FixedNetwork.PharmacyB, Role.Pharmacy), e => e.Cancel = new Cancel
        {
            ReasonCode = 3,
            Token = Token(prescription, Statements.Cancel,
                Statements.ClaimBody(e.Network, e.PrescriptionId.Span, e.Organisation, e.Sequence)),
        });

    public SignedEvent Dispense(string prescription, uint units, params string[] packs) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy, Pharmacist), e =>
            e.Dispense = new Dispense { Items = { Item(units, packs) }, ContentCommitment = Hash("record") });

    public SignedEvent Close(string prescription) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy), e => e.Close = new Close { ReasonCode = 7 });

    /// <summary>Takes back the last event made about a prescription, so that the next one follows its predecessor.</summary>
    public void Forget(string prescription) => _heads[Id(prescription)].Pop();

    /// <summary>The envelope of an event, signed by the owners of the labels, whatever it says.</summary>
    public static byte[] Envelope(Event e, params string[] labels)
    {
        byte[] payload = e.ToByteArray();
        var id = Dsse.EventId(payload);
        return SignedEvent.Encode(payload, [.. labels.Select(label => FixedKeys.SignDigest(label, id))]);
    }

    public static SignedEvent Parse(byte[] envelope)
    {
        Assert.True(SignedEvent.TryParse(envelope, out var signed, out var refusal), refusal.Detail);
        return signed;
    }

    private SignedEvent Sign(Event e, Action<Event> act)
    {
        act(e);
        string[] practitioner = e.ResponsibleId.IsEmpty ? [] : [e.Issue is null && e.Confirm is null ? Pharmacist : Prescriber];
        var signed = Parse(Envelope(e, [LabelOf(e.Organisation), .. practitioner]));
        if (!ActKinds.IsSide(e) && !ActKinds.IsAboutNetwork(e))
            Chain(ActKinds.PractitionerId(e) ?? e.PrescriptionId).Push(ByteString.CopyFrom(signed.EventId.Span));
        return signed;
    }

    private Stack<ByteString> Chain(ByteString subject) =>
        _heads.TryGetValue(subject, out var known) ? known : _heads[subject] = [];

    private Event About(string prescription, string organisation, Role role, string practitioner = "")
    {
        var e = Header(organisation, role);
        e.PrescriptionId = Id(prescription);
        if (practitioner.Length > 0)
        {
            e.ResponsibleId = Id(practitioner);
            e.KeyIds.Add(ByteString.CopyFrom(FixedKeys.KeyIdOf(practitioner)));
        }
        return Follow(e, e.PrescriptionId);
    }

    private Event AboutPractitioner(string name) => Follow(Header(FixedNetwork.Regulator, Role.Regulator), Id(name));

    private Event Follow(Event e, ByteString subject)
    {
        var chain = Chain(subject);
        if (chain.Count > 0)
            (e.Sequence, e.PreviousEventId) = ((uint)chain.Count + 1, chain.Peek());
        return e;
    }

    private Event Header(string organisation, Role role) => new()
    {
        Network = FixedNetwork.Origin,
        Organisation = organisation,
        Role = role,
        TimeMs = NowMs,
        KeyIds = { ByteString.CopyFrom(FixedKeys.KeyIdOf(LabelOf(organisation))) },
        Sequence = 1,
    };

    private static TokenAuthority Token(string prescription, string payloadType, byte[] body) => new()
    {
        TokenKey = ByteString.CopyFrom(FixedKeys.PublicKey("token of " + prescription)),
        Signature = SignatureBy("token of " + prescription, payloadType, body),
    };

    private static ByteString SignatureBy(string label, string payloadType, byte[] body) =>
        ByteString.CopyFrom(FixedKeys.SignDigest(label, Dsse.Digest(payloadType, body)));
}
