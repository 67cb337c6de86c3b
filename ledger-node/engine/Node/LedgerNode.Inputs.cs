using System.Threading.Channels;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Execution;

namespace RxChain.Engine.Node;

/// <summary>Where the core's inputs come from: the flusher, the clock, the ordering.</summary>
public sealed partial class LedgerNode
{
    private const int MaxChecksAhead = 8;
    private const int MaxPutsAhead = 64;
    private const int TickMs = 20;

    private readonly SemaphoreSlim _flushWanted = new(0, 1);
    private readonly SemaphoreSlim _puts = new(MaxPutsAhead);

    private async Task FlushAsync()
    {
        while (true)
        {
            await _flushWanted.WaitAsync(_stopping.Token).ConfigureAwait(false);
            _inputs.Writer.TryWrite(new LogFlushed(_parts.Log.Flush()));
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(TickMs));
        while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
        {
            _inputs.Writer.TryWrite(new Ticked(NowMs));
            ReportClockIfSilent();
        }
    }

    // Puts are parsed and verified in parallel, and reach the core in their order.
    private async Task ReadOrderAsync(IOrdering ordering)
    {
        var ahead = Channel.CreateBounded<Task<PutArrived>>(MaxChecksAhead);
        var feeding = Guard(() => FeedCoreAsync(ahead.Reader));
        try
        {
            await foreach (var put in ordering.ReadAsync(_executor.Head.OrderingPosition, _stopping.Token).ConfigureAwait(false))
                await ahead.Writer.WriteAsync(Task.Run(() => Check(put)), _stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            ahead.Writer.Complete();
            await feeding.ConfigureAwait(false);
        }
    }

    private async Task FeedCoreAsync(ChannelReader<Task<PutArrived>> ahead)
    {
        await foreach (var check in ahead.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            await _puts.WaitAsync(_stopping.Token).ConfigureAwait(false);
            _inputs.Writer.TryWrite(await check.ConfigureAwait(false));
        }
    }

    private PutArrived Check(OrderedPut put)
    {
        if (!Batch.TryReadHeader(put.Bytes, out var headerBytes))
            return new PutArrived(put.Position, null, "not a batch");
        if (_proposer?.Find(headerBytes, put.Bytes) is { } own)
        {
            Volatile.Write(ref _lastOwnBatchMs, Environment.TickCount64);
            return new PutArrived(put.Position, own, "");
        }
        if (!Batch.TryParse(put.Bytes, out var batch, out string error))
            return new PutArrived(put.Position, null, error);
        var events = new CheckedEvent[batch.Events.Count];
        Parallel.For(0, events.Length, i => events[i] = _verifier.Check(batch.Events[i]));
        return new PutArrived(put.Position, new CheckedBatch(batch, events), "");
    }
}
