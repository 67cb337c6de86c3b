using System.Text;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Fixtures;

/// <summary>Five members, four of them validators, and a genesis whose every byte is the same in each run.</summary>
internal static class FixedNetwork
{
    public const string Origin = "rx.example/0123456789abcdef";
    public const long CreatedMs = 1_800_000_000_000;
    public const string Hospital = "hospital.example";
    public const string Insurer = "insurer.example";
    public const string PharmacyA = "pharmacy-a.example";
    public const string PharmacyB = "pharmacy-b.example";
    public const string Regulator = "regulator.example";

    public static readonly string[] Validators = [Hospital, PharmacyA, PharmacyB, Regulator];

    public static Policy Policy() => DefaultPolicy.With(new Policy
    {
        ContractVersion = 1,
        ClaimPeriodMs = 7_200_000,
        LongestWindowMs = 31_536_000_000,
        BaseWindowHeights = 8,
        BucketBits = 8,
        CustodyByAct = { new ActCustody { Act = "dispense", Least = Custody.OwnDevice } },
        Reviewers = { PharmacyA, PharmacyB },
        Registrars = { Hospital },
        RetentionMs = 1,
        ClaimOverrideAllowed = true,
    });

    public static MemberCard[] Members() =>
    [
        Card(Hospital, true, Role.Hospital), Card(Insurer, false, Role.Insurer), Card(PharmacyA, true, Role.Pharmacy),
        Card(PharmacyB, true, Role.Pharmacy), Card(Regulator, true, Role.Regulator),
    ];

    public static GenesisLeaf Genesis()
    {
        var members = Members();
        return new GenesisLeaf
        {
            Origin = Origin,
            CreatedMs = CreatedMs,
            Members = members,
            Policy = Policy(),
            QuorumText = Quorum(members),
        };
    }

    public static string Quorum(IEnumerable<MemberCard> members, int? threshold = null)
    {
        var validators = members.Where(m => m.Validator is not null).ToArray();
        return QuorumRule.Write(
            validators.Select(v => VerifierKey.Create(Origin, NoteAlgorithm.Ed25519, v.Validator!.Log)),
            [.. validators.Select(v => VerifierKey.Create(v.Name, NoteAlgorithm.CosignatureV1, v.Validator!.Cosigner))],
            threshold);
    }

    public static MemberCard Card(string name, bool validator, params Role[] roles) =>
        Card(name, roles, name, validator ? [name, name, name] : []);

    /// <summary>A card with keys of these labels: of the organisation, and node, cosigner and log key of a validator.</summary>
    public static MemberCard Card(string name, Role[] roles, string label, params string[] validator)
    {
        using var organisation = FixedKeys.P256(label);
        var random = validator.Length > 0
            ? MemberCard.Create(Origin, name, roles, organisation, Key(validator[0], "node"), Key(validator[1], "cosigner"), Key(validator[2], "log"))
            : MemberCard.Create(Origin, name, roles, organisation);
        int bodyLength = random.Bytes.Length - 64 * (1 + validator.Length);
        byte[] bytes = [.. random.Bytes];
        FixedKeys.Sign(label, CardStatement(bytes.AsSpan(0, bodyLength))).CopyTo(bytes, bodyLength);
        Assert.True(MemberCard.TryParse(Origin, bytes, out var card, out string error), error);
        return card;
    }

    /// <summary>What each key of a card signs.</summary>
    public static byte[] CardStatement(ReadOnlySpan<byte> body) =>
        [.. "RxChain member card v1\n"u8, 0, (byte)Origin.Length, .. Encoding.UTF8.GetBytes(Origin), .. body];

    /// <summary>Key of a validator: node, cosigner or log.</summary>
    public static Ed25519PrivateKey Key(string validator, string purpose) => FixedKeys.Ed25519($"{validator} {purpose}");

    /// <summary>The log's signature by the first named validator, and the cosignatures of all named.</summary>
    public static SignedCheckpoint Sign(Checkpoint checkpoint, long timestamp, params IEnumerable<string> validators)
    {
        var log = new LogSigner(Origin, Key(validators.First(), "log"));
        var cosignatures = validators.Select(name => new Cosigner(name, Key(name, "cosigner")).Sign(checkpoint, timestamp));
        return new SignedCheckpoint(checkpoint, [log.Sign(checkpoint.ToString()), .. cosignatures]);
    }
}
