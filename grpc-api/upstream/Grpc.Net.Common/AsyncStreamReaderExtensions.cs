using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Reads a gRPC message stream with <c>await foreach</c>.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Yields the stream's messages until its end.</summary>
    /// <param name="streamReader">The stream, read by this enumeration alone.</param>
    /// <param name="cancellationToken">Ends the enumeration and the pending read.</param>
    /// <exception cref="ArgumentNullException">There is no reader.</exception>
    /// <exception cref="RpcException">On enumeration: the call ended with an error.</exception>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return Read(streamReader, cancellationToken);
    }

    private static async IAsyncEnumerable<T> Read<T>(
        IAsyncStreamReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.MoveNext(cancellationToken).ConfigureAwait(false))
            yield return reader.Current;
    }
}
