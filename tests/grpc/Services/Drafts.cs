using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Testing.Node;

namespace RxChain.Grpc.Tests.Services;

/// <summary>What members do in these tests, before anything is filled in.</summary>
internal static partial class Drafts
{
    private const long DayMs = 86_400_000;

    public static long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public static ByteString NewId() => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));

    public static Event Issue(ByteString id, uint units = 10, string nominee = "pharmacy-a") => new()
    {
        PrescriptionId = id,
        Organisation = "hospital",
        Role = Role.Hospital,
        TimeMs = NowMs,
        ResponsibleId = TestNetwork.Id("prescriber"),
        Issue = new Issue
        {
            Lines = { new Line { Commitment = Commitment(), Units = units } },
            NotBeforeMs = NowMs - 1_000,
            NotAfterMs = NowMs + DayMs,
            ContentCommitment = Commitment(),
            Nominee = nominee,
        },
    };

    public static Event Claim(ByteString id, string pharmacy = "pharmacy-a", uint number = 1) => new()
    {
        PrescriptionId = id,
        Organisation = pharmacy,
        Role = Role.Pharmacy,
        TimeMs = NowMs,
        Claim = new Claim { ClaimNumber = number, Nominee = new NomineeAuthority() },
    };

    public static Event Dispense(ByteString id, uint units) => new()
    {
        PrescriptionId = id,
        Organisation = "pharmacy-a",
        Role = Role.Pharmacy,
        TimeMs = NowMs,
        ResponsibleId = TestNetwork.Id("pharmacist-a"),
        Dispense = new Dispense
        {
            Items = { new DispensedItem { FulfilsUnits = units, ProductCommitment = Commitment() } },
            ContentCommitment = Commitment(),
        },
    };

    public static Event Cancel(ByteString id, string hospital = "hospital") => new()
    {
        PrescriptionId = id,
        Organisation = hospital,
        Role = Role.Hospital,
        TimeMs = NowMs,
        Cancel = new Cancel { ReasonCode = 7 },
    };

    private static ByteString Commitment() => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32));
}
