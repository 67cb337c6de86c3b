using System.Threading.Channels;
using RxChain.Engine.Ports;

namespace RxChain.Engine.Copying;

/// <summary>One range of leaves on its way from one peer. Two runs wait here at most; the peer waits with the rest.</summary>
internal sealed class LeafFlight : IAsyncDisposable
{
    private const int MaxRuns = 2;

    private readonly Channel<LeafRun> _runs = Channel.CreateBounded<LeafRun>(MaxRuns);
    private readonly CancellationTokenSource _ends;
    private readonly Task _fetching;

    /// <summary>Begins to fetch the leaves [from, to).</summary>
    public LeafFlight(IBlockSource source, long from, long to, long finalSize, CancellationToken cancellationToken)
    {
        Source = source;
        (From, To) = (from, to);
        _ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _fetching = Task.Run(() => FetchAsync(finalSize), CancellationToken.None);
    }

    public IBlockSource Source { get; }

    /// <summary>The first leaf that was asked for.</summary>
    public long From { get; }

    /// <summary>The leaf after the last.</summary>
    public long To { get; }

    /// <summary>The next run. Throws <see cref="BlockSourceException"/>, also when none comes in time.</summary>
    public async Task<LeafRun> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await _runs.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new BlockSourceException("it sends leaves too slowly", isLie: false, late);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException as BlockSourceException
                ?? new BlockSourceException($"it ended before leaf {To}", isLie: false, closed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync().ConfigureAwait(false);
        await _fetching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ends.Dispose();
    }

    private async Task FetchAsync(long finalSize)
    {
        Exception? cause = null;
        try
        {
            long at = From;
            await foreach (var run in Source.ReadLeavesAsync(From, To, finalSize, _ends.Token).ConfigureAwait(false))
            {
                at += run.Leaves.Count;
                if (run.Leaves.Count == 0 || at > To)
                    throw new BlockSourceException($"it answered leaves {From} to {To} with {(at > To ? "more than these" : "an empty run")}", isLie: true);
                await _runs.Writer.WriteAsync(run, _ends.Token).ConfigureAwait(false);
                if (at == To)
                    break;
            }
        }
        catch (Exception e)
        {
            cause = e;
        }
        _runs.Writer.Complete(cause);
    }
}
