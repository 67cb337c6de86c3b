using System.Text.Json.Nodes;
using RxChain.Bench.Processes;
using RxChain.Bench.Workload;
using RxChain.Ledger.Tlog;
using RxChain.Testing;

namespace RxChain.Bench.Network;

/// <summary>Real validators, each a node with a directory of its own, over real etcd members; a single one orders by itself.</summary>
internal sealed class ValidatorNetwork : IAsyncDisposable
{
    private const string Observer = "observer";

    private readonly string _directory;
    private readonly string[] _members;
    private readonly Dictionary<string, int> _peerPorts;
    private readonly Dictionary<string, NodeProcess> _nodes = [];

    private ValidatorNetwork(string directory, string[] members)
    {
        (_directory, _members) = (directory, members);
        string[] known = [.. members, Observer];
        _peerPorts = known.Zip(FreePorts.Find(known.Length)).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>The ordering's members; none for a single validator.</summary>
    public EtcdMember[] Etcd { get; private set; } = [];

    /// <summary>Who acts: the first member, in all roles.</summary>
    public Cast Cast { get; private set; } = null!;

    /// <summary>Where the running nodes serve clients.</summary>
    public IReadOnlyList<string> Addresses => [.. _nodes.Values.Select(node => node.Address)];

    public static async Task<ValidatorNetwork> StartAsync(string directory, int validators)
    {
        var network = new ValidatorNetwork(directory, [.. Enumerable.Range(1, validators).Select(i => $"member-{i}")]);
        try
        {
            await network.MakeAsync();
            foreach (string member in network._members)
                await network.StartNodeAsync(member);
            await network.Cast.RegisterAsync(network.Addresses[0], network.Policy);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL to the last member's node.</summary>
    public void KillLast()
    {
        _nodes.Remove(_members[^1], out var node);
        node!.Kill();
    }

    /// <summary>Starts a node that has nothing, and copies from the first members; gives its address.</summary>
    public async Task<string> StartObserverAsync()
    {
        await StartNodeAsync(Observer);
        return _nodes[Observer].Address;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await node.DisposeAsync();
        foreach (var etcd in Etcd)
            etcd.Dispose();
        Cast?.Dispose();
    }

    private TlogPolicy Policy => TlogPolicy.TryParse(File.ReadAllBytes(PathOf("policy.txt")), out var policy, out var errors)
        ? policy : throw new InvalidDataException(errors[0]);

    private string PathOf(string name) => Path.Combine(_directory, name);

    private async Task MakeAsync()
    {
        Directory.CreateDirectory(_directory);
        string origin = $"bench.example/{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8))}";
        if (_members.Length > 1)
            Etcd = EtcdMember.StartCluster(3, PathOf("etcd"));
        foreach (string member in _members.Append(Observer))
        {
            await ChildProcess.RunAsync(
                ChildProcess.NodeProgram,
                ["init", "--data", PathOf(member), "--name", member, "--network", origin, "--plaintext", "--role", "hospital", "pharmacy", "regulator"]);
        }
        await ChildProcess.RunAsync(
            ChildProcess.NodeProgram,
            ["genesis", "--card", .. _members.Select(m => Path.Combine(PathOf(m), "card.rx")), "--network", origin, "--out", PathOf("genesis.rx"), "--policy-out", PathOf("policy.txt")]);
        foreach (string member in _members.Append(Observer))
            Configure(member);
        Cast = Cast.Load(origin, _members[0], Path.Combine(PathOf(_members[0]), "keys", "organisation.key"));
    }

    // Every member names every other, and the observer, from the start.
    private void Configure(string member)
    {
        File.Copy(PathOf("genesis.rx"), Path.Combine(PathOf(member), "genesis.rx"));
        if (_members.Length == 1)
            return;
        string path = Path.Combine(PathOf(member), "rxnode.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config["peerListen"] = $"127.0.0.1:{_peerPorts[member]}";
        config["peers"] = new JsonArray([.. _peerPorts.Where(peer => peer.Key != member)
            .Select(peer => new JsonObject { ["member"] = peer.Key, ["address"] = $"http://127.0.0.1:{peer.Value}" })]);
        config["ordering"] = member == Observer
            ? new JsonObject { ["kind"] = "none" }
            : new JsonObject { ["kind"] = "etcd", ["endpoints"] = new JsonArray([.. Etcd.Select(etcd => JsonValue.Create(etcd.Address))]) };
        File.WriteAllText(path, config.ToJsonString());
    }

    private async Task StartNodeAsync(string member) => _nodes[member] = await NodeProcess.StartAsync(PathOf(member));
}
