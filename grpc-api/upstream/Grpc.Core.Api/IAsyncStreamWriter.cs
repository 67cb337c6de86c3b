namespace Grpc.Core;

/// <summary>The messages of one direction of a call, written one at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How the next messages are written; null for the call's own.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message; only one write may be pending.</summary>
    /// <exception cref="InvalidOperationException">A write is pending, or the call has ended.</exception>
    Task WriteAsync(T message);

    /// <summary>Writes a message; only one write may be pending.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels the write and with it the call.</param>
    /// <exception cref="NotSupportedException">This writer takes no token that can be cancelled.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? throw new NotSupportedException("This stream writer cannot cancel a write.")
            : WriteAsync(message);
}

/// <summary>The requests of a call.</summary>
/// <typeparam name="T">The request.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Tells the server that no request follows.</summary>
    Task CompleteAsync();
}

/// <summary>The responses of a call.</summary>
/// <typeparam name="T">The response.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;
