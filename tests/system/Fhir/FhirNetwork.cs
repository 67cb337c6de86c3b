using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Client;
using RxChain.Engine.Node;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Node.Hosting;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using RxChain.Storage;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Fhir;

/// <summary>
/// A hospital and a pharmacy that act through the node of a regulator, the one validator: the parts of the real node in this
/// process, so that its clock can be that of the documents, and gRPC over a real port.
/// </summary>
internal sealed class FhirNetwork : IAsyncDisposable
{
    public const string Hospital = "hospital.example";
    public const string Pharmacy = "pharmacy.example";
    public const string OtherPharmacy = "pharmacy-2.example";
    private const string Regulator = "regulator.example";
    /// <summary>Origin of the network.</summary>
    public const string Origin = "rx.example/00f417ca5e500001";

    private const long HourMs = 3_600_000;

    private readonly P256PrivateKey
        _hospital = P256PrivateKey.Generate(), _pharmacy = P256PrivateKey.Generate(), _otherPharmacy = P256PrivateKey.Generate();
    private readonly Person _prescriber = new(), _trainee = new(), _pharmacist = new();
    private OpenedNode? _node;
    private NodeServer? _server;
    private GrpcChannel? _channel;

    private FhirNetwork(long createdMs) => Clock = new DocumentClock(createdMs);

    public DocumentClock Clock { get; }

    public string Root { get; } = Directory.CreateTempSubdirectory("rxchain-fhir-").FullName;

    public string Data => Path.Combine(Root, "regulator");

    public string PolicyFile => Path.Combine(Root, "policy.txt");

    public RxChainClient Client { get; private set; } = null!;

    public static async Task<FhirNetwork> StartAsync(long createdMs)
    {
        var network = new FhirNetwork(createdMs);
        var directory = DataDirectory.Open(network.Data);
        using var keys = MemberKeys.Create(directory);
        var genesis = network.CreateGenesis(keys);
        await File.WriteAllTextAsync(network.PolicyFile, genesis.QuorumText);
        network._node = await OpenedNode.OpenAsync(directory, new NodeSetup
        {
            Genesis = genesis,
            Member = Regulator,
            Peers = new LocalPeers().Join(Regulator),
            Clock = network.Clock,
        });
        var anyPort = new IPEndPoint(IPAddress.Loopback, 0);
        network._server = await NodeServer.StartAsync(network._node, anyPort, anyPort);
        network._channel = GrpcChannel.ForAddress(network._server.GrpcAddress);
        Assert.True(TlogPolicy.TryParse(await File.ReadAllBytesAsync(network.PolicyFile), out var policy, out _));
        network.Client = new RxChainClient(network._channel.CreateCallInvoker(), Origin, policy);
        var regulator = new EventSigner(keys.Organisation);
        await network.RegisterAsync(regulator, network._prescriber, Profession.Prescriber, Hospital);
        await network.RegisterAsync(regulator, network._trainee, Profession.Prescriber, Hospital);
        await network.RegisterAsync(regulator, network._pharmacist, Profession.Pharmacist, Pharmacy, OtherPharmacy);
        return network;
    }

    /// <summary>Who writes prescriptions for the prescriber, who answers for them.</summary>
    public ByteString Trainee => _trainee.Id;

    /// <summary>An act of the hospital alone.</summary>
    public Task<string> AdministerAsync(ByteString prescription, Action<Event> act) =>
        TryActAsync(Hospital, Role.Hospital, prescription, null, [new(_hospital)], act);

    /// <summary>An act of the hospital with its prescriber.</summary>
    public Task<string> PrescribeAsync(ByteString prescription, Action<Event> act) =>
        TryActAsync(Hospital, Role.Hospital, prescription, _prescriber, [new(_hospital), _prescriber.Signer], act);

    /// <summary>An act of the pharmacy alone.</summary>
    public Task<string> ClaimAsync(ByteString prescription, Action<Event> act, string pharmacy = Pharmacy) =>
        TryActAsync(pharmacy, Role.Pharmacy, prescription, null, [KeyOf(pharmacy)], act);

    /// <summary>An act of the pharmacy with its pharmacist.</summary>
    public Task<string> DispenseAsync(ByteString prescription, Action<Event> act, string pharmacy = Pharmacy) =>
        TryActAsync(pharmacy, Role.Pharmacy, prescription, _pharmacist, [KeyOf(pharmacy), _pharmacist.Signer], act);

    /// <summary>Closes the node; its directory stays until <see cref="DisposeAsync"/>.</summary>
    public async Task StopAsync()
    {
        _channel?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
        (_channel, _server, _node) = (null, null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _hospital.Dispose();
        _pharmacy.Dispose();
        _otherPharmacy.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Empty when it took effect, else the name of the refusal.</summary>
    private async Task<string> TryActAsync(
        string organisation, Role role, ByteString prescription, Person? responsible, EventSigner[] signers, Action<Event> act)
    {
        var draft = new Event
        {
            PrescriptionId = prescription,
            Organisation = organisation,
            Role = role,
            ResponsibleId = responsible?.Id ?? ByteString.Empty,
            TimeMs = Clock.NowMs,
        };
        act(draft);
        try
        {
            await Client.ActAsync(draft, signers, Commitment.Final);
            return "";
        }
        catch (RpcException e) when (LedgerError.From(e) is { } refusal)
        {
            return refusal.Reason;
        }
    }

    private EventSigner KeyOf(string pharmacy) => new(pharmacy == Pharmacy ? _pharmacy : _otherPharmacy);

    private async Task RegisterAsync(EventSigner regulator, Person person, Profession profession, params string[] organisations) =>
        Assert.Equal("", await TryActAsync(Regulator, Role.Regulator, ByteString.Empty, null, [regulator],
            e => e.RegisterPractitioner = person.Registration(Origin, profession, organisations)));

    private GenesisLeaf CreateGenesis(MemberKeys regulator)
    {
        var card = regulator.CreateCard(Origin, Regulator, [Role.Regulator]);
        return new GenesisLeaf
        {
            Origin = Origin,
            CreatedMs = Clock.NowMs,
            Members =
            [
                MemberCard.Create(Origin, Hospital, [Role.Hospital], _hospital),
                MemberCard.Create(Origin, OtherPharmacy, [Role.Pharmacy], _otherPharmacy),
                MemberCard.Create(Origin, Pharmacy, [Role.Pharmacy], _pharmacy),
                card,
            ],
            Policy = DefaultPolicy.With(new Policy
            {
                ContractVersion = 1,
                ClaimPeriodMs = 24 * HourMs,
                LongestWindowMs = 400 * 24 * HourMs,
                BaseWindowHeights = 1000,
                BucketBits = 20,
            }),
            QuorumText = QuorumRule.Write(
                [VerifierKey.Create(Origin, NoteAlgorithm.Ed25519, card.Validator!.Log)],
                [VerifierKey.Create(Regulator, NoteAlgorithm.CosignatureV1, card.Validator.Cosigner)]),
        };
    }
}
