using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Client;
using RxChain.Ledger;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.DockerClient;

/// <summary>The four organisations' nodes, over mutual TLS, and their keys.</summary>
internal sealed class ClientNetwork : IDisposable
{
    public static readonly string[] Pharmacies = ["pharmacy-a", "pharmacy-b"];

    // As deploy/docker-compose.yml has them.
    private static readonly Dictionary<string, string> Addresses = new()
    {
        ["hospital"] = "https://10.77.0.11:7600",
        ["pharmacy-a"] = "https://10.77.0.12:7600",
        ["regulator"] = "https://10.77.0.13:7600",
        ["pharmacy-b"] = "https://10.77.0.14:7600",
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("RXCHAIN_PATIENCE_S") ?? "60", CultureInfo.InvariantCulture));

    private readonly Dictionary<string, GrpcChannel> _channels = [];
    private readonly Dictionary<string, P256PrivateKey> _keys = [];

    public ClientNetwork(string directory)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "hospital", "data", "rxnode.json")));
        Origin = config.RootElement.GetProperty("network").GetString()!;
        if (!TlogPolicy.TryParse(File.ReadAllBytes(Path.Combine(directory, "policy.txt")), out var policy, out var errors))
            throw new InvalidDataException(string.Join("; ", errors));
        foreach (var (member, address) in Addresses)
        {
            string own = Path.Combine(directory, member);
            _keys[member] = P256PrivateKey.TryImportPkcs8(File.ReadAllBytes(Path.Combine(own, "data", "keys", "organisation.key")), out var key, out string? error)
                ? key : throw new InvalidDataException(error);
            _channels[member] = GrpcChannel.ForAddress(address, new GrpcChannelOptions
            {
                HttpHandler = MutualTls.CreateHandler(Path.Combine(own, "clients", "client.crt"), Path.Combine(own, "clients", "client.key"), Path.Combine(own, "ca.crt")),
                DisposeHttpClient = true,
            });
            Clients[member] = new RxChainClient(_channels[member].CreateCallInvoker(), Origin, policy);
        }
    }

    public string Origin { get; }

    public Dictionary<string, RxChainClient> Clients { get; } = [];

    /// <summary>Acts and waits until it is final.</summary>
    /// <exception cref="RpcException">The act is refused, or its outcome is not known.</exception>
    public async Task<SubmitEventResponse> ActAsync(string member, Action<Event> act, Person? responsible = null, ByteString? prescription = null)
    {
        var draft = new Event
        {
            PrescriptionId = prescription ?? ByteString.Empty,
            Organisation = member,
            Role = member switch { "regulator" => Role.Regulator, "hospital" => Role.Hospital, _ => Role.Pharmacy },
            ResponsibleId = responsible?.Id ?? ByteString.Empty,
            TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        };
        act(draft);
        EventSigner[] signers = responsible is null ? [new(_keys[member])] : [new(_keys[member]), responsible.Signer];
        using var soon = new CancellationTokenSource(Patience);
        return await Clients[member].ActAsync(draft, signers, Commitment.Final, cancellationToken: soon.Token);
    }

    /// <summary>The same; null when it is accepted, else the refusal's reason.</summary>
    public async Task<string?> TryActAsync(string member, Action<Event> act, Person? responsible, ByteString prescription)
    {
        try
        {
            await ActAsync(member, act, responsible, prescription);
            return null;
        }
        catch (RpcException e) when (LedgerError.From(e) is { } error)
        {
            return error.Reason;
        }
    }

    /// <summary>The prescription as a member's own node shows it, once that has a leaf.</summary>
    public async Task<Prescription> ReadAsync(string member, ByteString prescription, Predicate<Prescription> wanted)
    {
        for (var until = DateTime.UtcNow + Patience; ; await Task.Delay(20))
        {
            try
            {
                var shown = (await Clients[member].Prescriptions.GetPrescriptionAsync(new() { PrescriptionId = prescription })).Prescription;
                if (wanted(shown))
                    return shown;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                // It comes.
            }
            if (DateTime.UtcNow > until)
                throw new TimeoutException($"{member} does not show what was waited for");
        }
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
        foreach (var key in _keys.Values)
            key.Dispose();
    }
}
