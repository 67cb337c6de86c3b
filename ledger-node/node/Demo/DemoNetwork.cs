using Google.Protobuf;
using Grpc.Core;
using RxChain.Client;
using RxChain.Engine.Node;
using RxChain.Ledger.Leaves;
using RxChain.Node.Commands;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.Storage;

namespace RxChain.Node.Demo;

/// <summary>Four members in one process, each with its own keys, node and directory, over one local order.</summary>
internal sealed class DemoNetwork : IAsyncDisposable
{
    private readonly LocalOrder _order;

    private DemoNetwork(string root, string origin)
    {
        Origin = origin;
        Hospital = new DemoMember(root, origin, "hospital", Role.Hospital);
        North = new DemoMember(root, origin, "pharmacy-north", Role.Pharmacy);
        South = new DemoMember(root, origin, "pharmacy-south", Role.Pharmacy);
        Regulator = new DemoMember(root, origin, "regulator", Role.Regulator);
        Genesis = NetworkCommands.Create(origin, Members.Select(m => m.Card), NetworkCommands.PolicyOf(24), Clock.GetUtcNow());
        _order = LocalOrder.ForSeveralMembers(Path.Combine(root, "order"), 0);
        File.WriteAllText(Path.Combine(root, "policy.txt"), Genesis.QuorumText);
    }

    public string Origin { get; }

    public DemoClock Clock { get; } = new();

    public GenesisLeaf Genesis { get; }

    public DemoMember Hospital { get; }

    public DemoMember North { get; }

    public DemoMember South { get; }

    public DemoMember Regulator { get; }

    public DemoPerson Prescriber { get; } = new();

    public DemoPerson NorthPharmacist { get; } = new();

    public DemoPerson SouthPharmacist { get; } = new();

    public IEnumerable<DemoMember> Members => [Hospital, North, South, Regulator];

    public static async Task<DemoNetwork> StartAsync(string root)
    {
        var network = new DemoNetwork(root, NetworkCommands.NewOrigin("rx.example"));
        var peers = new LocalPeers();
        foreach (var member in network.Members)
            await member.StartAsync(network.Genesis, network._order, peers, network.Clock);
        await network.RegisterAsync(network.Prescriber, Profession.Prescriber, network.Hospital);
        await network.RegisterAsync(network.NorthPharmacist, Profession.Pharmacist, network.North);
        await network.RegisterAsync(network.SouthPharmacist, Profession.Pharmacist, network.South);
        return network;
    }

    /// <summary>Lets a member act through its own node. Null when accepted, else the name of the refusal.</summary>
    public async Task<string?> TryActAsync(
        DemoMember member, Action<Event> act, DemoPerson? responsible = null, ByteString? prescriptionId = null)
    {
        var draft = new Event
        {
            PrescriptionId = prescriptionId ?? ByteString.Empty,
            Organisation = member.Name,
            Role = member.Role,
            ResponsibleId = responsible?.Id ?? ByteString.Empty,
            TimeMs = Clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        act(draft);
        EventSigner[] signers = responsible is null ? [member.Signer] : [member.Signer, responsible.Signer];
        try
        {
            await member.Client.ActAsync(draft, signers, Commitment.Final);
            return null;
        }
        catch (RpcException e) when (LedgerError.From(e) is { } refusal)
        {
            return refusal.Reason;
        }
    }

    /// <summary>Moves every clock to another day, and has all members report it, so that ledger time follows.</summary>
    public async Task MoveClockAsync(DateTimeOffset moment)
    {
        Clock.MoveTo(moment);
        foreach (var member in Members)
            await member.Node.ReportClockAsync(CancellationToken.None);
        long target = moment.ToUnixTimeMilliseconds();
        for (int tries = 0; Members.Any(m => m.Node.Status.LedgerTimeMs < target) && tries < 500; tries++)
            await Task.Delay(10);
    }

    /// <summary>Waits until all members have the same final head.</summary>
    public async Task AgreeAsync()
    {
        long size = Members.Max(m => m.Node.Status.Size);
        foreach (var member in Members)
            await member.Node.WaitBeyondAsync(size - 1, Engine.Commitment.Final, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            await member.DisposeAsync();
        await _order.DisposeAsync();
    }

    private async Task RegisterAsync(DemoPerson person, Profession profession, DemoMember at)
    {
        string? refusal = await TryActAsync(Regulator, e => e.RegisterPractitioner = person.Registration(Origin, profession, at.Name));
        if (refusal is not null)
            throw new InvalidDataException($"registering a {profession}: {refusal}");
    }
}
