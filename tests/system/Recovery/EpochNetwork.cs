using System.Net;
using RxChain.Client;
using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Node.Configuration;
using RxChain.Node.Hosting;
using RxChain.Prescriptions.Events;
using RxChain.Storage;
using RxChain.SystemTests.Processes;
using Xunit.Abstractions;
using Commitment = RxChain.Engine.Commitment;

namespace RxChain.SystemTests.Recovery;

/// <summary>Four members' data directories, made by the real commands; their nodes run in this process over one order.</summary>
internal sealed class EpochNetwork : IAsyncDisposable
{
    public static readonly string[] Members = ["clinic", "north", "office", "south"];

    private readonly string _root = Directory.CreateTempSubdirectory("rxchain-epoch-").FullName;
    private readonly List<OpenedNode> _nodes = [];
    private LocalOrder? _order;

    public EpochNetwork()
    {
        string origin = $"rx.example/{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8))}";
        foreach (string member in Members)
            Programs.RunNode("init", "--data", this[member], "--name", member, "--role", "hospital", "--network", origin, "--plaintext").Expect(0);
        string[] cards = [.. Members.Select(m => this[m, "card.rx"])];
        Programs.RunNode(["genesis", "--card", .. cards, "--network", origin, "--out", this["genesis.rx"], "--policy-out", this["policy.txt"]]).Expect(0);
        foreach (string member in Members)
            File.Copy(this["genesis.rx"], this[member, "genesis.rx"]);
    }

    public string this[params string[] parts] => Path.Combine([_root, .. parts]);

    public RecoverCommands Recover => new(name => this[name]);

    public OpenedNode Opened(int index) => _nodes[index];

    public LedgerNode Node(int index) => _nodes[index].Node;

    /// <summary>Starts all nodes over the order of an epoch; without peers nothing becomes final.</summary>
    public async Task StartAsync(int epoch, bool connected = true)
    {
        _order = LocalOrder.ForSeveralMembers(this[$"order-{epoch}"], 0);
        var genesis = GenesisFile.Read(this["genesis.rx"]);
        var together = new LocalPeers();
        IPeerLinks[] links = [.. Members.Select(member => (connected ? together : new LocalPeers()).Join(member))];
        for (int i = 0; i < Members.Length; i++)
        {
            _nodes.Add(await OpenedNode.OpenAsync(DataDirectory.Open(this[Members[i]]), new NodeSetup
            {
                Genesis = genesis,
                Member = Members[i],
                Ordering = _ => _order,
                Peers = links[i],
            }));
        }
    }

    /// <summary>Has every validator order its clock: a block each. Waits until every node has them.</summary>
    public async Task OrderAsync(Commitment until)
    {
        long size = _nodes[0].Node.Status.Size;
        foreach (var node in _nodes)
            await node.Node.ReportClockAsync(CancellationToken.None);
        foreach (var node in _nodes)
            await node.Node.WaitBeyondAsync(size + Members.Length - 1, until, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async Task StopAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _nodes.Clear();
        if (_order is not null)
            await _order.DisposeAsync();
    }

    /// <summary>An event that a member signs.</summary>
    public byte[] Proposal(string member)
    {
        Assert.True(P256PrivateKey.TryImportPkcs8(SecretFile.Read(this[member, "keys", "organisation.key"]), out var key, out string? error), error);
        using (key)
        {
            var draft = new Event
            {
                Organisation = member,
                Role = Role.Hospital,
                TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                Propose = new Propose { SetQuorum = new SetQuorum { Threshold = 4 } },
            };
            var built = PreparedEvent.Build(draft, GenesisFile.Read(this["genesis.rx"]).Origin, [new EventSigner(key)]);
            return SignedEvent.Encode(built.Payload.Span, [key.SignDigest(built.EventId)]);
        }
    }

    /// <summary>Runs <c>rxnode recover resubmit</c> against a member's running node.</summary>
    public async Task<string> ResubmitAsync(string member, string record)
    {
        var anyPort = new IPEndPoint(IPAddress.Loopback, 0);
        await using var server = await NodeServer.StartAsync(_nodes[Array.IndexOf(Members, member)], anyPort, anyPort);
        return (await Task.Run(() => Recover.Run("resubmit", member, "--record", record, "--address", server.GrpcAddress.ToString()))).Expect(0).Output;
    }

    /// <summary>Leaves in the member's log, and the epoch of its last seal.</summary>
    public (long Size, ulong Epoch) Head(string member)
    {
        using var directory = DataDirectory.Open(this[member]);
        using var log = SegmentLeafLog.Open(directory, 0);
        Assert.True(SealLeaf.TryParse(log.Read(log.Size - 1), out var seal));
        return (log.Size, seal.Epoch);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_root, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class RecoverySuite(IMessageSink output) : Suite(output, "Recovery", 90), ICollectionFixture<RecoverySuite>
{
    public const string Name = "Recovery";
}
