using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Grpc.Core;
using RxChain.Engine.Tests.Ordering;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;
using RxChain.Protocol.V1;
using RxChain.Storage;
using RxChain.SystemTests.Crash;
using RxChain.SystemTests.Processes;
using RxChain.Testing;

namespace RxChain.SystemTests.Network;

/// <summary>
/// A network of real processes on loopback: validators made by the real commands, each an <c>rxnode run</c> with a directory
/// and ports of its own, over real etcd members. Everything is stopped, by its id, when this is disposed.
/// </summary>
internal sealed class NetworkProcesses : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _root = Directory.CreateTempSubdirectory("rxchain-network-").FullName;
    private readonly Dictionary<string, int> _peerPorts = [];
    private readonly ConcurrentDictionary<string, RunningNode> _running = [];

    private NetworkProcesses(string[] members, int orderingMembers)
    {
        Members = members;
        Etcd = EtcdProcess.Cluster(orderingMembers);
        Origin = $"rx.test/{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8))}";
        foreach (string member in members)
            Programs.RunNode(["init", "--data", Data(member), "--name", member, "--network", Origin, "--plaintext", "--role", .. RolesOf(member)]).Expect(0);
        string[] cards = [.. members.Select(member => Path.Combine(Data(member), "card.rx"))];
        Programs.RunNode(["genesis", "--card", .. cards, "--network", Origin, "--out", GenesisFile, "--policy-out", PolicyFile]).Expect(0);
        foreach (string member in members)
            Configure(member, members.Length > 1 ? "etcd" : "local");
    }

    /// <summary>Names of the validators; the first is the regulator, the second the hospital, the others are pharmacies.</summary>
    public IReadOnlyList<string> Members { get; }

    /// <summary>The ordering's members.</summary>
    public EtcdProcess[] Etcd { get; }

    /// <summary>Origin of the network.</summary>
    public string Origin { get; }

    /// <summary>The genesis file, the same for all.</summary>
    public string GenesisFile => Path.Combine(_root, "genesis.rx");

    /// <summary>The policy that auditors hold.</summary>
    public string PolicyFile => Path.Combine(_root, "policy.txt");

    /// <summary>The policy, parsed.</summary>
    public TlogPolicy Policy => TlogPolicy.TryParse(File.ReadAllBytes(PolicyFile), out var policy, out var errors)
        ? policy : throw new InvalidDataException(string.Join("; ", errors));

    /// <summary>A running node.</summary>
    public RunningNode this[string member] => _running[member];

    /// <summary>Makes a network and starts all of it.</summary>
    /// <param name="validators">How many; 3 at least.</param>
    /// <param name="orderingMembers">How many members etcd has.</param>
    /// <param name="observer">A node that validates nothing and that all others know; its directory is made, and it is not started.</param>
    public static async Task<NetworkProcesses> StartAsync(int validators = 4, int orderingMembers = 3, string? observer = null)
    {
        string[] members = ["regulator", "hospital", .. Enumerable.Range(1, validators - 2).Select(i => $"pharmacy-{i}")];
        var network = new NetworkProcesses(members, orderingMembers);
        try
        {
            if (observer is not null)
                network.AddObserver(observer);
            foreach (var etcd in network.Etcd)
                etcd.Start();
            await Task.WhenAll(members.Select(network.StartAsync));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>A member's data directory.</summary>
    public string Data(string member) => Path.Combine(_root, member);

    /// <summary>A path below the network's directory.</summary>
    public string PathOf(string name) => Path.Combine(_root, name);

    /// <summary>A member's organisation key, read from its file.</summary>
    public P256PrivateKey OrganisationKey(string member) =>
        P256PrivateKey.TryImportPkcs8(SecretFile.Read(Path.Combine(Data(member), "keys", "organisation.key")), out var key, out string? error)
            ? key : throw new InvalidDataException(error);

    /// <summary>
    /// Makes the directory of a node that validates nothing and copies from <paramref name="asked"/>, or from all if none is
    /// given. They know it from their next start on.
    /// </summary>
    public void AddObserver(string name, params string[] asked)
    {
        IEnumerable<string> sources = asked.Length > 0 ? asked : Members;
        Programs.RunNode(["init", "--data", Data(name), "--name", name, "--network", Origin, "--plaintext", "--role", "regulator"]).Expect(0);
        Configure(name, "none");
        SetPeers(name, [.. sources.Select(member => (member, (Uri?)null))]);
        foreach (string member in sources)
            Change(member, config => config["peers"]!.AsArray().Add(Peer(name, null)));
    }

    /// <summary>Sets where a member finds its peers; those that are not named it does not know.</summary>
    public void SetPeers(string member, params (string Name, Uri? Address)[] peers) =>
        Change(member, config => config["peers"] = new JsonArray([.. peers.Select(peer => (JsonNode)Peer(peer.Name, peer.Address))]));

    /// <summary>Where a member serves its peers.</summary>
    public Uri PeerAddress(string member) => new($"http://127.0.0.1:{PeerPort(member)}");

    /// <summary>Changes a member's configuration; it counts from its next start.</summary>
    public void Change(string member, Action<JsonNode> change)
    {
        string path = Path.Combine(Data(member), "rxnode.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        change(config);
        File.WriteAllText(path, config.ToJsonString());
    }

    /// <summary>Starts a member's node and waits until it serves.</summary>
    public async Task StartAsync(string member)
    {
        var node = await RunningNode.StartAsync(Data(member));
        _running[member] = node;
    }

    /// <summary>True while a member's node was started and not stopped.</summary>
    public bool IsRunning(string member) => _running.ContainsKey(member);

    /// <summary>SIGKILL to a member's node.</summary>
    public void Kill(string member)
    {
        this[member].Kill();
        Forget(member);
    }

    /// <summary>SIGTERM to a member's node; it must end in order.</summary>
    public async Task<Finished> StopAsync(string member)
    {
        var finished = (await this[member].StopAsync()).Expect(0);
        Forget(member);
        return finished;
    }

    /// <summary>Deletes what a stopped node has learned: everything but its keys, its configuration and the genesis.</summary>
    public void Wipe(string member)
    {
        string[] kept = ["keys", "rxnode.json", "genesis.rx", "card.rx"];
        foreach (string path in Directory.GetFileSystemEntries(Data(member)).Where(path => !kept.Contains(Path.GetFileName(path))))
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
    }

    /// <summary>A client of a running node.</summary>
    public NodeClient Client(string member) => new(this[member].GrpcAddress);

    /// <summary>Waits until these nodes have the same final head of at least a size, and gives it.</summary>
    public async Task<Checkpoint> AgreeAsync(long size, params IEnumerable<string> members)
    {
        var deadline = DateTime.UtcNow + Patience;
        var heads = new Dictionary<string, Checkpoint?>();
        while (true)
        {
            foreach (string member in members)
                heads[member] = await TryFinalAsync(member);
            if (heads.Values.All(head => head?.Size >= size) && heads.Values.Distinct().Count() == 1)
                return heads.Values.First()!;
            Assert.True(DateTime.UtcNow < deadline, $"no agreement on {size} leaves: {string.Join(", ", heads.Select(h => $"{h.Key} {h.Value?.Size}"))}; {await StatusesAsync(members)}");
            await Task.Delay(50);
        }
    }

    /// <summary>All of these are on a member's own ledger, each where it was said to be. Returns what was read of it.</summary>
    public async Task<KnownLog> CheckAcknowledgedAsync(string member, IEnumerable<Acknowledged> acknowledged)
    {
        using var client = Client(member);
        var log = new KnownLog(Policy);
        await log.ReadOnAsync(client);
        log.CheckAcknowledged(acknowledged);
        return log;
    }

    /// <summary>Waits until a member's node says what is wanted of its status.</summary>
    public async Task<GetStatusResponse> UntilAsync(string member, Predicate<GetStatusResponse> wanted)
    {
        using var client = Client(member);
        try
        {
            return await client.UntilAsync(wanted, Patience);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            throw new InvalidOperationException($"{member}'s node ended by itself: {await this[member].EndAsync()}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever starts several nodes awaits all of them, also when one fails: so none is left behind.
        foreach (var node in _running.Values)
            node.Dispose();
        foreach (var etcd in Etcd)
            etcd.Dispose();
        await Task.Run(() => Directory.Delete(_root, recursive: true));
    }

    private async Task<Checkpoint?> TryFinalAsync(string member)
    {
        using var client = Client(member);
        try
        {
            return (await client.CheckpointAsync()).Checkpoint;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.FailedPrecondition)
        {
            return null;
        }
    }

    private async Task<string> StatusesAsync(IEnumerable<string> members)
    {
        var statuses = new List<string>();
        foreach (string member in members)
        {
            using var client = Client(member);
            statuses.Add((await client.StatusAsync()).ToString());
        }
        return string.Join("\n", statuses);
    }

    private void Forget(string member)
    {
        this[member].Dispose();
        _running.TryRemove(member, out _);
    }

    // The ports are chosen once, so that a node that starts again is where its peers look for it.
    private void Configure(string member, string ordering)
    {
        File.Copy(GenesisFile, Path.Combine(Data(member), "genesis.rx"));
        Change(member, config =>
        {
            config["peerListen"] = $"127.0.0.1:{PeerPort(member)}";
            config["peers"] = new JsonArray([.. Members.Where(m => m != member).Select(peer => Peer(peer, null))]);
            config["ordering"] = new JsonObject { ["kind"] = ordering };
            if (ordering == "etcd")
                config["ordering"]!["endpoints"] = new JsonArray([.. Etcd.Select(etcd => (JsonNode)etcd.ClientAddress.OriginalString)]);
        });
    }

    private JsonObject Peer(string name, Uri? address) =>
        new() { ["member"] = name, ["address"] = (address ?? PeerAddress(name)).GetLeftPart(UriPartial.Authority) };

    private int PeerPort(string member) => _peerPorts.TryGetValue(member, out int port) ? port : _peerPorts[member] = FreePorts.Find(1)[0];

    private static string[] RolesOf(string member) => member switch
    {
        "regulator" => ["regulator"],
        "hospital" => ["hospital"],
        _ => ["pharmacy"],
    };
}
