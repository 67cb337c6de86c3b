using Microsoft.AspNetCore.Server.Kestrel.Core;
using RxChain.GrpcApi.Ports;
using RxChain.Node.Configuration;
using RxChain.Node.Tls;
using RxChain.Peers;

namespace RxChain.Node.Hosting;

/// <summary>How this node and its peers know each other.</summary>
/// <param name="Identity">Who calls this node.</param>
/// <param name="Handler">Makes connections to a peer.</param>
/// <param name="Secure">Sets up TLS where peers are served; null in plaintext.</param>
internal sealed record PeerAccess(IPeerIdentity Identity, Func<PeerConfig, HttpMessageHandler> Handler, Action<ListenOptions>? Secure)
{
    /// <summary>By certificates, or in plaintext by each other's word.</summary>
    public static PeerAccess Of(NodeConfig config, NodeTls? tls) => tls is null ? Plaintext(config) : new(tls, peer => Secured(peer, tls), tls.ServePeers);

    private static PeerAccess Plaintext(NodeConfig config) => new(
        new PlaintextPeers([.. config.Peers.Select(peer => peer.Member)]),
        _ => new PlaintextPeers.Caller(config.Member, PeerHandler.Create()),
        null);

    private static SocketsHttpHandler Secured(PeerConfig peer, NodeTls tls)
    {
        var handler = PeerHandler.Create();
        handler.ConnectCallback = tls.Dialer(peer.Member).ConnectAsync;
        return handler;
    }
}
