using Microsoft.AspNetCore.Server.Kestrel.Core;
using RxChain.GrpcApi.Ports;
using RxChain.Node.Configuration;
using RxChain.Peers;

namespace RxChain.Node.Hosting;

/// <summary>How this node and its peers know each other.</summary>
/// <param name="Identity">Who calls this node.</param>
/// <param name="Handler">Makes connections to a peer.</param>
/// <param name="Secure">Sets up TLS where peers are served; null in plaintext.</param>
internal sealed record PeerAccess(IPeerIdentity Identity, Func<PeerConfig, HttpMessageHandler> Handler, Action<ListenOptions>? Secure)
{
    /// <summary>By what the configuration says.</summary>
    public static PeerAccess Of(NodeConfig config) => config.Plaintext
        ? Plaintext(config)
        : throw new InvalidDataException("peers: this version connects nodes in plaintext on loopback only.");

    private static PeerAccess Plaintext(NodeConfig config) => new(
        new PlaintextPeers([.. config.Peers.Select(peer => peer.Member)]),
        _ => new PlaintextPeers.Caller(config.Member, PeerHandler.Create(null)),
        null);
}
