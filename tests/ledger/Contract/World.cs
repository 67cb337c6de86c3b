using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>A small network: members, people, one policy, and the ledger's clock.</summary>
internal sealed partial class World
{
    public const string Network = "rx.test/0123456789abcdef";
    public const long Minute = 60_000;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;
    public const long Start = 1_800_000_000_000;

    private readonly IContract contract = Contracts.ForVersion(1)!;

    public World()
    {
        State.Put(EntityKind.Policy, ByteString.CopyFromUtf8("policy"), Policy);
        foreach (string hospital in new[] { "hospital", "hospital-2" }) AddMember(hospital, Role.Hospital);
        foreach (string pharmacy in new[] { "pharmacy-a", "pharmacy-b" }) AddMember(pharmacy, Role.Pharmacy);
        AddMember("regulator", Role.Regulator);
        AddMember(Insurer, Role.Insurer);
        Found("hospital", "pharmacy-a", "pharmacy-b", "regulator");
        // A presence attestation names the payer's key by itself, not by id.
        State.Put(EntityKind.Key, ByteString.CopyFrom(KeyId.Of(KeyId.EcdsaP256, PublicKey(Insurer).Span)),
            new Key { Organisation = Insurer, Custody = Custody.Organisation });
        AddPractitioner("dr-house", Profession.Prescriber, "hospital");
        AddPractitioner("dr-wilson", Profession.Prescriber, "hospital", "hospital-2");
        AddPractitioner("ward-pharmacist", Profession.Pharmacist, "hospital");
        AddPractitioner("second-pharmacist", Profession.Pharmacist, "hospital", "pharmacy-a");
        AddPractitioner("pharmacist-a", Profession.Pharmacist, "pharmacy-a");
        AddPractitioner("pharmacist-b", Profession.Pharmacist, "pharmacy-b");
    }

    /// <summary>Everybody who is registered from the beginning.</summary>
    public static IReadOnlyList<string> People { get; } =
        ["dr-house", "dr-wilson", "ward-pharmacist", "second-pharmacist", "pharmacist-a", "pharmacist-b"];

    public MapState State { get; } = new();

    /// <summary>The policy in force; tests change it in place.</summary>
    public Policy Policy { get; } = DefaultPolicy.With(new Policy
    {
        ContractVersion = 1,
        ClaimPeriodMs = 2 * Hour,
        LongestWindowMs = 30 * Day,
        LeastCustody = Custody.OwnDevice,
    });

    public long Now { get; set; } = Start;

    public ulong Leaf { get; set; } = 100;

    /// <summary>The prescription that builders act on.</summary>
    public ByteString Rx { get; set; } = Id("rx");

    public Prescription Stored => State.Peek<Prescription>(EntityKind.Prescription, Rx)!;

    public PrescriptionStatus Status => EffectiveState.At(Stored, Now);

    public static ByteString Hash(string name) => ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static ByteString Id(string name) => ByteString.CopyFrom(Hash(name).Span[..16]);

    public static ByteString PublicKey(string name) => ByteString.CopyFrom([4, .. Hash(name).Span, .. Hash(name + "'").Span]);

    public static ByteString KeyOf(string name) => ByteString.CopyFrom(KeyId.Of(KeyId.EcdsaP256, PublicKey("key of " + name).Span));

    public void AddMember(string name, params Role[] roles)
    {
        State.Put(EntityKind.Organisation, ByteString.CopyFromUtf8(name), new Organisation { Roles = { roles }, KeyId = KeyOf(name) });
        State.Put(EntityKind.Key, KeyOf(name), new Key
        {
            Algorithm = KeyId.EcdsaP256,
            PublicKey = PublicKey("key of " + name),
            Organisation = name,
            Custody = Custody.Organisation,
        });
    }

    public void AddPractitioner(string name, Profession profession, params string[] organisations)
    {
        var practitioner = new Practitioner { Profession = profession, Organisations = { organisations } };
        practitioner.Acts.Add(new ActRef { EventId = Hash("registration of " + name) });
        State.Put(EntityKind.Practitioner, Id(name), practitioner);
        State.Put(EntityKind.Key, KeyOf(name), new Key { PractitionerId = Id(name), Custody = Custody.OwnDevice });
    }

    public Key Key(string name) => State.Peek<Key>(EntityKind.Key, KeyOf(name))!;

    public Practitioner Practitioner(string name) => State.Peek<Practitioner>(EntityKind.Practitioner, Id(name))!;

    /// <summary>Passes the event through parser and rules, and writes what it changes.</summary>
    public Outcome Do(Event e, bool tokenValid = true)
    {
        byte[] payload = e.ToByteArray();
        Assert.True(EventParser.TryParse(payload, out Event? parsed, out string error), error);
        Decision decision = contract.Apply(State, new Act(parsed, SHA256.HashData(payload), tokenValid),
            new ApplyContext(Now, Leaf++));
        State.Write(decision);
        return decision.Outcome;
    }

    /// <summary>Does what must succeed.</summary>
    public World Done(Event e)
    {
        Assert.Equal(Outcome.Accepted, Do(e));
        return this;
    }
}
