using System.Net;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RxChain.Client;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Access;
using RxChain.GrpcApi.Hosting;
using RxChain.GrpcApi.Ports;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.Storage;
using RxChain.Testing.Node;
using EventResult = RxChain.Protocol.V1.SubmitEventResponse;

namespace RxChain.Grpc.Tests.Services;

/// <summary>The services as a host composes them, over an in-memory node, with a client. Listens on loopback.</summary>
public sealed class ServiceHost : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rxchain-services-");
    private WebApplication _app = null!;
    private SqliteLookupIndex _index = null!;
    private SqliteRequestIds _requestIds = null!;
    private Task _reading = null!;

    internal TestNetwork Network { get; } = new(policy =>
    {
        policy.ClaimOverrideAllowed = true;
        policy.RetentionMs = 3_600_000;
    });

    /// <summary>Whose key the node holds, for RecordEvent.</summary>
    internal string KeyHeld { get; init; } = "hospital";

    /// <summary>How far ledger time was moved ahead of the tests' clock.</summary>
    internal long AheadMs { get; private set; }

    /// <summary>The clock of who acts.</summary>
    internal long NowMs => Drafts.NowMs + AheadMs;

    internal InMemoryNode Node { get; private set; } = null!;

    internal GrpcChannel Channel { get; private set; } = null!;

    internal RxChainClient Client { get; private set; } = null!;

    /// <summary>Where gRPC listens (HTTP/2 in plaintext).</summary>
    internal string Address { get; private set; } = "";

    /// <summary>Where the tiles are (HTTP/1.1).</summary>
    internal HttpClient Tiles { get; private set; } = null!;

    internal ILookupIndex Index => _index;

    internal PrescriptionService.PrescriptionServiceClient Prescriptions => Client.Prescriptions;

    internal LedgerService.LedgerServiceClient Ledger => Client.Ledger;

    public async Task InitializeAsync()
    {
        Node = new InMemoryNode(Network) { ClockMs = () => NowMs };
        _index = SqliteLookupIndex.Open(Path.Combine(_directory.FullName, "lookup.db"));
        _requestIds = SqliteRequestIds.Open(Path.Combine(_directory.FullName, "requests.db"));
        Node.Lookup = _index.FindLeaves;
        await StartAsync();
        _reading = new LookupReader(Node, _index).RunAsync(_app.Lifetime.ApplicationStopping);
        Channel = GrpcChannel.ForAddress(Address);
        Client = new RxChainClient(Channel.CreateCallInvoker(), TestNetwork.Origin, Network.Policy);
        await RegisterAsync("prescriber", Profession.Prescriber, "hospital");
        await RegisterAsync("pharmacist-a", Profession.Pharmacist, "pharmacy-a", "pharmacy-b");
        await RegisterAsync("pharmacist-b", Profession.Pharmacist, "pharmacy-b");
    }

    /// <summary>Stops the server; clients keep their channel.</summary>
    internal Task StopServingAsync() => _app.StopAsync();

    public async Task DisposeAsync()
    {
        await StopServingAsync();
        Channel.Dispose();
        Tiles.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _reading);
        await _app.DisposeAsync();
        _index.Dispose();
        _requestIds.Dispose();
        Node.Dispose();
        Network.Dispose();
        _directory.Delete(recursive: true);
    }

    internal EventSigner[] Signers(params string[] names) => [.. names.Select(name => new EventSigner(Network.Key(name)))];

    internal Task<EventResult> IssueAsync(ByteString id, uint units = 10, string nominee = "pharmacy-a") =>
        Client.ActAsync(Drafts.Issue(id, units, nominee), Signers("hospital", "prescriber"));

    internal Task<EventResult> ClaimAsync(ByteString id, string pharmacy = "pharmacy-a") =>
        Client.ActAsync(Drafts.Claim(id, pharmacy), Signers(pharmacy));

    internal Task<EventResult> DispenseAsync(ByteString id, uint units) =>
        Client.ActAsync(Drafts.Dispense(id, units), Signers("pharmacy-a", "pharmacist-a"));

    /// <summary>Does now what a draft says; its organisation signs, and its practitioner if it has one.</summary>
    internal Task<EventResult> DoAsync(Event draft, P256PrivateKey? token = null) => DoAsync(draft, NowMs, token);

    /// <summary>As above, at another time; with a statement of the token or of the payer.</summary>
    internal async Task<EventResult> DoAsync(Event draft, long timeMs, P256PrivateKey? token = null)
    {
        draft.TimeMs = timeMs;
        if (token is not null)
            draft = await Client.StateAsync(draft, new EventSigner(token));
        return await Client.ActAsync(draft, Signers(Drafts.SignersOf(draft)));
    }

    /// <summary>Lets time pass: ledger time is moved by an empty block.</summary>
    internal void PassTime(TimeSpan time)
    {
        PassTimeWithoutABlock(time);
        Node.Tick();
    }

    /// <summary>The clock goes on; ledger time follows with the next event.</summary>
    internal void PassTimeWithoutABlock(TimeSpan time) => AheadMs += (long)time.TotalMilliseconds;

    internal async Task<Prescription> ReadAsync(ByteString id) =>
        (await Prescriptions.GetPrescriptionAsync(new GetPrescriptionRequest { PrescriptionId = id })).Prescription;

    /// <summary>An event that names its keys and its place, in its envelope.</summary>
    internal byte[] Envelope(Event act, uint sequence, ByteString previous, params string[] signers) =>
        Network.Sign(Complete(act, sequence, previous, signers), signers);

    internal byte[] IssueEnvelope(ByteString id, uint units = 10) =>
        Envelope(Drafts.Issue(id, units), 1, ByteString.Empty, "hospital", "prescriber");

    internal Event Complete(Event act, uint sequence, ByteString previous, params string[] signers)
    {
        (act.Network, act.Sequence, act.PreviousEventId) = (TestNetwork.Origin, sequence, previous);
        act.KeyIds.AddRange(signers.Select(Network.KeyId));
        return act;
    }

    /// <summary>Waits until the lookup index has read everything.</summary>
    internal async Task CatchUpAsync()
    {
        while (_index.Mark.Size < Node.Status.Size)
            await Task.Delay(5);
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureRxChainLimits();
            kestrel.RefuseOtherAddresses();
            Listen(HttpProtocols.Http2);
            Listen(HttpProtocols.Http1);

            void Listen(HttpProtocols protocols) => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                listen.UseAnyCaller();
            });
        });
        builder.Services
            .AddSingleton<ILedgerNode>(Node)
            .AddSingleton<ILookupIndex>(_index)
            .AddSingleton<IRequestIds>(_requestIds)
            .AddSingleton<IOrganisationSigner>(new MemoryOrganisationSigner(KeyHeld, Network.Key(KeyHeld)))
            .AddRxChain(new StreamLimits(TimeSpan.FromSeconds(2)));
        _app = builder.Build();
        _app.MapRxChain();
        await _app.StartAsync();
        string[] urls = [.. _app.Urls];
        Address = urls[0];
        Tiles = new HttpClient { BaseAddress = new Uri(urls[1]) };
    }

    private async Task RegisterAsync(string name, Profession profession, params string[] organisations)
    {
        var registration = Network.Registration(name, profession, Drafts.NowMs, organisations);
        await Client.ActAsync(registration, Signers(TestNetwork.Validator));
    }
}
