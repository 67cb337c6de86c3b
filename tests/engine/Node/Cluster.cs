using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Engine.Tests.Simulation;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Storage;

namespace RxChain.Engine.Tests.Node;

/// <summary>The four validators of the fixed network in one process, on real files.</summary>
/// <param name="orderOf">Each member's ordering, which it owns; without it all share one local order.</param>
internal sealed class Cluster(Func<string, IOrdering>? orderOf = null) : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rxchain-cluster-").FullName;
    private readonly List<IDisposable> _open = [];
    private readonly List<IAsyncDisposable> _orders = [];

    public Dictionary<string, LedgerNode> Nodes { get; } = [];

    public GenesisLeaf Genesis { get; } = FixedNetwork.Genesis();

    public TestClock Clock { get; } = new(FixedNetwork.CreatedMs + 60_000);

    /// <summary>Members whose clock is another one.</summary>
    public Dictionary<string, TimeProvider> WrongClocks { get; } = [];

    public string DirectoryOf(string member) => Path.Combine(_root, member);

    /// <summary>Starts these members, or all.</summary>
    public void Start(params string[] members)
    {
        var peers = new LocalPeers();
        var shared = orderOf is null ? Own(LocalOrder.ForSeveralMembers(Path.Combine(_root, "order"), 0)) : null;
        // All links before the first node sends.
        var links = (members.Length > 0 ? members : FixedNetwork.Validators).ToDictionary(member => member, peers.Join);
        foreach (string member in links.Keys)
            Nodes[member] = StartNode(member, shared ?? Own(orderOf!(member)), links[member]);
    }

    public async Task StopAsync()
    {
        foreach (var node in Nodes.Values)
            await node.DisposeAsync();
        foreach (var order in _orders)
            await order.DisposeAsync();
        _orders.Clear();
        foreach (var one in Enumerable.Reverse(_open))
            one.Dispose();
        _open.Clear();
        Nodes.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_root, recursive: true);
    }

    private LedgerNode StartNode(string member, IOrdering order, IPeerLinks peers)
    {
        var directory = Keep(DataDirectory.Open(DirectoryOf(member)));
        var cosigned = Keep(CosignedHeadFile.Open(directory));
        return LedgerNode.Start(new NodeParts
        {
            Member = member,
            Genesis = Genesis,
            Validator = SimNetwork.Identity(member, member),
            Log = Keep(SegmentLeafLog.Open(directory, cosigned.Read().Size)),
            State = Keep(SqliteStateStore.Open(directory)),
            CosignedHead = cosigned,
            Checkpoint = new CheckpointFile(directory),
            Signatures = Keep(SqliteSignatures.Open(Path.Combine(directory.Root, "signatures.db"))),
            Ordering = order,
            Peers = peers,
            FindLeaves = _ => ([], 0),
            Clock = WrongClocks.GetValueOrDefault(member, Clock),
        });
    }

    private IOrdering Own(IOrdering order)
    {
        _orders.Add((IAsyncDisposable)order);
        return order;
    }

    private T Keep<T>(T part) where T : IDisposable
    {
        _open.Add(part);
        return part;
    }
}

/// <summary>A clock that tests set. Each reading is a millisecond later.</summary>
internal sealed class TestClock(long nowMs) : TimeProvider
{
    private long _nowMs = nowMs;

    public long NowMs
    {
        get => Interlocked.Read(ref _nowMs);
        set => Interlocked.Exchange(ref _nowMs, value);
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Increment(ref _nowMs));
}
