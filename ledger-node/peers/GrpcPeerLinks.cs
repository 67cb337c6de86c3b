using System.Collections.Concurrent;
using RxChain.Engine;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;

namespace RxChain.Peers;

/// <summary>
/// Links to other members' nodes over PeerService. This node calls each peer and sends on that call; what peers say arrives
/// on their calls to this node's server. Thread-safe.
/// </summary>
public sealed class GrpcPeerLinks : IPeerLinks, IPeerInbox, IAsyncDisposable
{
    private readonly PeerLink[] _links;
    private readonly ConcurrentDictionary<string, long> _heads = new();
    private Action<PeerMessage> _receiver = _ => { };
    private Action<string> _alarm = _ => { };

    /// <summary>Begins to connect to all, and goes on for ever.</summary>
    public GrpcPeerLinks(IEnumerable<PeerEndpoint> peers) => _links = [.. peers.Select(peer => new PeerLink(peer))];

    /// <inheritdoc/>
    public IReadOnlyList<PeerStatus> Status =>
        [.. _links.Select(link => new PeerStatus(link.Member, link.Connected, _heads.GetValueOrDefault(link.Member)))];

    /// <summary>The peers as sources of blocks.</summary>
    public IReadOnlyList<IBlockSource> Sources => [.. _links.Select(link => new PeerBlockSource(link))];

    /// <inheritdoc/>
    public void Send(PeerMessage message)
    {
        foreach (var link in _links)
            link.Send(message);
    }

    /// <inheritdoc/>
    public void SendTo(string peer, PeerMessage message) => Array.Find(_links, link => link.Member == peer)?.Send(message);

    /// <inheritdoc/>
    public void OnReceive(Action<PeerMessage> receiver, Action<string> alarm) => (_receiver, _alarm) = (receiver, alarm);

    /// <inheritdoc/>
    public void Receive(PeerMessage message)
    {
        // For the status alone: the core verifies what it believes.
        if (message is HeadReport { Heads: [.., var newest] })
            _heads.AddOrUpdate(message.Sender, newest.Size, (_, known) => Math.Max(known, newest.Size));
        _receiver(message);
    }

    /// <inheritdoc/>
    public void Report(string peer, string fault) => _alarm($"peer {peer}: {fault}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            await link.DisposeAsync().ConfigureAwait(false);
    }
}
