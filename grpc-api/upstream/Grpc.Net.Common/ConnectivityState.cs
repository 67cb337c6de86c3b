namespace Grpc.Core;

/// <summary>The state of a channel's connection, as the gRPC connectivity semantics define it.</summary>
public enum ConnectivityState
{
    /// <summary>No connection and no attempt at one; a call starts an attempt.</summary>
    Idle,

    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>Connected; calls go out at once.</summary>
    Ready,

    /// <summary>The last attempt failed; another follows after a back-off.</summary>
    TransientFailure,

    /// <summary>The channel was closed and never connects again.</summary>
    Shutdown,
}
