namespace RxChain.Engine.Ports;

/// <summary>One put as the ordering delivered it. Nothing about it is trusted but its place.</summary>
/// <param name="Position">Place in the order: grows from put to put, with or without gaps; 1 or more.</param>
/// <param name="Bytes">The batch, as submitted by somebody.</param>
public sealed record OrderedPut(ulong Position, ReadOnlyMemory<byte> Bytes);

/// <summary>Gives all members the same sequence of puts.</summary>
public interface IOrdering
{
    /// <summary>
    /// Hands over one batch of at most 64 KiB. Completes when it has a place in the order; throws
    /// <see cref="OrderingUnavailableException"/> when it is not known to have one.
    /// </summary>
    Task SubmitAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken);

    /// <summary>All puts after <paramref name="afterPosition"/>, in order, then new ones as they come.</summary>
    IAsyncEnumerable<OrderedPut> ReadAsync(ulong afterPosition, CancellationToken cancellationToken);

    /// <summary>What an operator must know of the order now: one line each, empty when all is well. Thread-safe.</summary>
    IReadOnlyList<string> Problems => [];
}

/// <summary>The order cannot be reached or does not answer: writes are refused with UNAVAILABLE.</summary>
public sealed class OrderingUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The order no longer continues what this node has applied: puts are missing, or it was rewound. The node halts
/// and says so; trying again does not help.</summary>
public class OrderingLostException(string message) : Exception(message);

/// <summary>The order has forgotten what follows, as it may what is final and old: the missing blocks can be copied from peers.</summary>
public sealed class OrderingTrimmedException(string message) : OrderingLostException(message);
