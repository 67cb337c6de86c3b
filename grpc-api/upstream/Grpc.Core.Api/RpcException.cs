namespace Grpc.Core;

/// <summary>A call that did not end with OK: thrown to callers by clients, thrown by services to set the status.</summary>
public class RpcException : Exception
{
    /// <summary>An error without trailers, its message being the status as text.</summary>
    /// <param name="status">How the call ended.</param>
    public RpcException(Status status)
        : this(status, Metadata.Empty)
    {
    }

    /// <summary>An error without trailers.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="message">The exception's message; never sent.</param>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>An error with trailers, its message being the status as text.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">Sent, or received, after the status.</param>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>An error with trailers.</summary>
    /// <param name="status">How the call ended; its local cause becomes the inner exception.</param>
    /// <param name="trailers">Sent, or received, after the status.</param>
    /// <param name="message">The exception's message; never sent.</param>
    /// <exception cref="ArgumentNullException">There are no trailers.</exception>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The status's code.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The trailers; empty and read-only when none were given.</summary>
    public Metadata Trailers { get; }
}
