using System.Net.Security;

namespace RxChain.Peers;

/// <summary>How connections to other members' nodes are made.</summary>
public static class PeerHandler
{
    /// <summary>A handler whose connections notice within 8 s that the other end is gone.</summary>
    /// <param name="tls">Who this node is and whom it believes; null in plaintext.</param>
    public static SocketsHttpHandler Create(SslClientAuthenticationOptions? tls)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
            EnableMultipleHttp2Connections = true,
        };
        if (tls is not null)
            handler.SslOptions = tls;
        return handler;
    }
}
