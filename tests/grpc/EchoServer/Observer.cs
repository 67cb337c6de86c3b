namespace RxChain.Grpc.EchoServer;

/// <summary>Counts what only the server can know.</summary>
internal sealed class Observer
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(5);

    private long _cancelled;

    public void CountCancelled() => Interlocked.Increment(ref _cancelled);

    public async Task<long> WaitForCancelled(long count, CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _cancelled) < count)
            await Task.Delay(s_pollInterval, cancellationToken);
        return Volatile.Read(ref _cancelled);
    }
}
