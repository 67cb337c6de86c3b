namespace RxChain.Peers;

/// <summary>How connections to other members' nodes are made.</summary>
public static class PeerHandler
{
    /// <summary>A handler whose connections notice within 8 s that the other end is gone. Who is there is its owner's to settle.</summary>
    public static SocketsHttpHandler Create() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        KeepAlivePingDelay = TimeSpan.FromSeconds(5),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
        EnableMultipleHttp2Connections = true,
    };
}
