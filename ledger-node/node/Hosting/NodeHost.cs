using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Ledger.Leaves;
using RxChain.Node.Configuration;
using RxChain.Node.Metrics;
using RxChain.Node.Tls;
using RxChain.Peers;
using RxChain.Storage;

namespace RxChain.Node.Hosting;

/// <summary>One member's node as its configuration describes it: links, ordering, the node itself, and what it serves.</summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();

    private NodeHost()
    {
    }

    /// <summary>The node.</summary>
    public OpenedNode Node { get; private set; } = null!;

    /// <summary>Where clients are served.</summary>
    public NodeServer Server { get; private set; } = null!;

    /// <summary>Who may connect; null in plaintext.</summary>
    public NodeTls? Tls { get; private set; }

    /// <summary>Starts everything.</summary>
    /// <exception cref="InvalidDataException">The configuration does not fit the network; the message says what to change.</exception>
    public static async Task<NodeHost> StartAsync(NodeConfig config, GenesisLeaf genesis)
    {
        Check(config, genesis);
        var host = new NodeHost();
        try
        {
            await host.OpenAsync(config, genesis);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
            await part.DisposeAsync();
    }

    private static void Check(NodeConfig config, GenesisLeaf genesis)
    {
        if (genesis.Origin != config.Network)
            throw new InvalidDataException($"{config.Genesis}: is of network {genesis.Origin}, but the configuration names {config.Network}.");
        if (config.Ordering.Kind == OrderingConfig.Local && genesis.Validators.Count() != 1)
            throw new InvalidDataException("ordering: \"local\" serves a network of one validator. For several set \"kind\": \"etcd\" with its endpoints, or \"none\" for a node that only copies. To try several in one process: rxnode demo.");
        if (config.Ordering.Kind == OrderingConfig.None && config.Peers.Count == 0)
            throw new InvalidDataException("peers: a node whose ordering is \"none\" copies from peers, and none is named.");
    }

    private async Task OpenAsync(NodeConfig config, GenesisLeaf genesis)
    {
        // Closed last: connections of all parts are under it.
        Tls = config.Tls is null ? null : Keep(new NodeTls(config, TimeProvider.System));
        var (links, access) = OpenLinks(config);
        var etcd = config.Ordering.Kind == OrderingConfig.Etcd ? Keep(new EtcdOrder(config)) : null;
        Node = Keep(await OpenedNode.OpenAsync(DataDirectory.Open(config.DataDirectory), new NodeSetup
        {
            Genesis = genesis,
            Member = config.Member,
            Ordering = config.Ordering.Kind == OrderingConfig.None ? null : etcd is null ? NodeSetup.LocalOrdering : etcd.Open,
            Peers = links ?? new LocalPeers().Join(config.Member),
            Sources = links?.Sources ?? [],
        }));
        etcd?.Watch(Node.Node);
        if (links is not null && config.PeerEndPoint is { } address)
            Keep(await PeerServer.StartAsync(Node.Node, links, access!.Identity, address, access.Secure));
        Server = Keep(await NodeServer.StartAsync(Node, config.GrpcEndPoint, config.TileEndPoint, Tls, config.Limits?.ToCallLimits()));
        if (config.Metrics is { } metrics)
            Keep(new MetricsExport(new Uri(metrics.Otlp), Node.Node, Tls, TimeProvider.System));
    }

    private (GrpcPeerLinks? Links, PeerAccess? Access) OpenLinks(NodeConfig config)
    {
        if (config.Peers.Count == 0)
            return (null, null);
        var access = PeerAccess.Of(config, Tls);
        var endpoints = config.Peers.Select(peer => new PeerEndpoint(peer.Member, new Uri(peer.Address), access.Handler(peer)));
        return (Keep(new GrpcPeerLinks(endpoints)), access);
    }

    private T Keep<T>(T part) where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
