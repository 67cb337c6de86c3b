using RxChain.Engine.Ports;
using RxChain.Ledger.Batches;

namespace RxChain.Storage;

/// <summary>
/// The order of the <c>local</c> ordering: one process of one operator. All members in the process share one instance.
/// </summary>
public abstract class LocalOrder : IOrdering, IAsyncDisposable
{
    /// <summary>Batches that wait for their place before submitting waits too.</summary>
    internal const int WaitingBatches = 64;

    private protected LocalOrder()
    {
    }

    /// <summary>
    /// The order of a single member: held in memory, read by one reader. What its log has not when the process ends was
    /// never acknowledged.
    /// </summary>
    /// <param name="lastPosition">Position of the last put in the member's log; 0 for none. The next put follows it.</param>
    public static LocalOrder ForOneMember(ulong lastPosition) => new MemoryOrder(lastPosition);

    /// <summary>
    /// The order of several members: each batch is durable in one file before any member sees it. Many submits share one flush.
    /// A member that starts again reads on from the position of its own last put.
    /// </summary>
    /// <param name="path">The order file, created when there is none; nobody else may have it open.</param>
    /// <param name="lastPosition">The largest position that any member's log has: what the order then had can no longer be torn.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    /// <exception cref="CorruptLogException">The file ends before that position, or is damaged where no power loss explains it.</exception>
    public static LocalOrder ForSeveralMembers(string path, ulong lastPosition) =>
        ForSeveralMembers(FileDisk.Instance, Path.GetFullPath(path), lastPosition);

    internal static LocalOrder ForSeveralMembers(IDisk disk, string path, ulong lastPosition) =>
        new FileOrder(OrderFile.Open(disk, path, lastPosition));

    /// <inheritdoc/>
    /// <remarks>Waits while <c>64</c> batches wait already.</remarks>
    public abstract Task SubmitAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Ends when the order is disposed.</remarks>
    public abstract IAsyncEnumerable<OrderedPut> ReadAsync(ulong afterPosition, CancellationToken cancellationToken);

    /// <summary>Orders what was handed over, then ends.</summary>
    public abstract ValueTask DisposeAsync();

    private protected static void CheckLength(ReadOnlyMemory<byte> batch)
    {
        if (batch.Length is 0 or > Batch.MaxSizeBytes)
            throw new ArgumentException($"A batch has 1 to {Batch.MaxSizeBytes} bytes, not {batch.Length}.", nameof(batch));
    }

    private protected static OrderingUnavailableException Closed(Exception? inner = null) =>
        new(inner is null ? "The order is closed." : $"The order failed: {inner.Message}", inner);
}
