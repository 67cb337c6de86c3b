namespace Grpc.Core;

/// <summary>The messages of one direction of a call, read one at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message last read; there is none before the first read and after the end.</summary>
    T Current { get; }

    /// <summary>Reads the next message.</summary>
    /// <param name="cancellationToken">Cancels the read and with it the call.</param>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="RpcException">On a client: the call ended with an error.</exception>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>Reads without a token.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Reads the next message; false at the end of the stream.</summary>
    /// <exception cref="ArgumentNullException">There is no reader.</exception>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return streamReader.MoveNext(CancellationToken.None);
    }
}
