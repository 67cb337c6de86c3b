// Issue, claim, dispense, history: see grpc-api/samples/README.md.
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Net.Client;
using RxChain.Client;
using RxChain.Ledger;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.Sample;

var parties = Parties.Read(args[1]);
// In plaintext on loopback, or under mutual TLS with the files of a client certificate.
using var channel = args is [_, _, var certificate, var key, var authority]
    ? GrpcChannel.ForAddress($"https://{args[0]}", new GrpcChannelOptions { HttpHandler = MutualTls.CreateHandler(certificate, key, authority), DisposeHttpClient = true })
    : GrpcChannel.ForAddress($"http://{args[0]}");
var client = new RxChainClient(channel.CreateCallInvoker(), parties.Network, parties.Policy);
var id = Random(16);

await Act("issue", new Event
{
    Organisation = parties.Name("hospital"),
    Role = Role.Hospital,
    ResponsibleId = parties.Id("prescriber"),
    Issue = new Issue
    {
        Lines = { new Line { Commitment = Random(32), Units = 30 } },
        NotBeforeMs = Now(),
        NotAfterMs = Now() + 86_400_000,
        ContentCommitment = Random(32),
        Nominee = parties.Name("pharmacy"),
    },
}, "hospital", "prescriber");

await Act("claim", new Event
{
    Organisation = parties.Name("pharmacy"),
    Role = Role.Pharmacy,
    Claim = new Claim { ClaimNumber = 1, Nominee = new NomineeAuthority() },
}, "pharmacy");

await Act("dispense", new Event
{
    Organisation = parties.Name("pharmacy"),
    Role = Role.Pharmacy,
    ResponsibleId = parties.Id("pharmacist"),
    Dispense = new Dispense
    {
        Items = { new DispensedItem { Line = 0, FulfilsUnits = 30, ProductCommitment = Random(32) } },
        ContentCommitment = Random(32),
    },
}, "pharmacy", "pharmacist");

var history = await client.Prescriptions.GetHistoryAsync(new GetHistoryRequest { PrescriptionId = id });
foreach (var e in history.Events)
    Console.WriteLine($"leaf {e.LeafIndex}: {e.Event.ActCase} {e.Outcome}");
var read = await client.Prescriptions.GetPrescriptionAsync(new GetPrescriptionRequest { PrescriptionId = id });
Console.WriteLine($"{read.Prescription.Status}".ToUpperInvariant());

// Prepares, checks, signs, submits; then verifies the receipt that a quorum cosigned.
async Task Act(string name, Event draft, params string[] signers)
{
    (draft.PrescriptionId, draft.TimeMs) = (id, Now());
    var placed = await client.ActAsync(draft, [.. signers.Select(parties.Signer)], requestId: $"{Convert.ToHexStringLower(id.Span)}-{name}");
    var verified = await client.GetVerifiedAsync(placed.LeafIndex, new Hash32(placed.EventId.Span));
    Console.WriteLine($"{name}: leaf {placed.LeafIndex}, receipt verified under {verified.Receipt.Checkpoint.Checkpoint.Size} leaves");
}

static ByteString Random(int bytes) => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(bytes));

static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
