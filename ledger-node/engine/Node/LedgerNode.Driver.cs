using System.Threading.Channels;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Execution;

namespace RxChain.Engine.Node;

public sealed partial class LedgerNode
{
    private const int MaxChecksAhead = 8;
    private const int TickMs = 20;
    private const int SilentMs = 3_000;
    private const int MaxAlarms = 100;

    private readonly Waiting _waiting = new();
    private readonly SemaphoreSlim _flushWanted = new(0, 1);
    private Writeback? _writeback;
    private long _lastOwnBatchMs;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _inputs.Writer.TryComplete();
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_writeback is not null)
            await _writeback.CloseAsync(_core, _executor, _coreLock).ConfigureAwait(false);
        _progress.Stop(null);
        _keys.Dispose();
        _stopping.Dispose();
        _flushWanted.Dispose();
    }

    private void Run()
    {
        _writeback = new Writeback(_parts, _progress);
        _parts.Peers.OnReceive(message => _inputs.Writer.TryWrite(new PeerMessageArrived(message)));
        _inputs.Writer.TryWrite(new Ticked(NowMs));
        _inputs.Writer.TryWrite(new LogFlushed(_parts.Log.DurableSize));
        if (_final is not null)
            _progress.Report(Commitment.Final, _final.Checkpoint.Size);
        _tasks =
        [
            Task.Run(() => Guard(RunCoreAsync)),
            Task.Run(() => Guard(ReadOrderAsync)),
            Task.Run(() => Guard(FlushAsync)),
            Task.Run(() => Guard(TickAsync)),
            Task.Run(() => Guard(() => _proposer?.RunAsync(_stopping.Token) ?? Task.CompletedTask)),
        ];
    }

    private long NowMs => _parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    // Whatever goes wrong here would leave the node in an unknown state: it stops, and says why.
    private async Task Guard(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception cause)
        {
            _progress.Stop(cause);
            await _stopping.CancelAsync().ConfigureAwait(false);
            _inputs.Writer.TryComplete();
            var stopped = new OrderingUnavailableException($"The node has stopped: {cause.Message}", cause);
            _proposer?.FailAll(stopped);
            _waiting.FailAll(stopped);
        }
    }

    private async Task RunCoreAsync()
    {
        var effects = new List<EngineEffect>();
        await foreach (var input in _inputs.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (_stopping.IsCancellationRequested)
                return;
            effects.Clear();
            lock (_coreLock)
            {
                _core.Step(input, effects);
                _applied = (_executor.Head.Height, _executor.Head.SealHash, _executor.Head.Epoch);
            }
            foreach (var effect in effects)
                CarryOut(effect);
            if (input is LogFlushed flushed)
            {
                _waiting.Durable(flushed.Size);
                _progress.Report(Commitment.Ordered, flushed.Size);
            }
            _writeback!.Offer(_executor, _coreLock);
        }
    }

    private void CarryOut(EngineEffect effect)
    {
        switch (effect)
        {
            case AppendBlock append:
                _parts.Log.AppendBlock(append.Block.Leaves, append.Block.LeafHashes);
                WantFlush();
                Answer(append.Put, append.Block.Places, append.Block.SizeAfter);
                break;
            case PutSkipped skipped:
                Answer(skipped.Put, skipped.Places, _executor.Head.Size, skipped.Reason);
                break;
            case SaveCosignedHead save:
                _ = Task.Run(() => Guard(() => SaveCosignedAsync(save.Head)));
                break;
            case SendToPeers send:
                _parts.Peers.Send(send.Message);
                break;
            case PublishFinal publish:
                Publish(publish);
                break;
            case RaiseAlarm alarm:
                Alarm(alarm.Text);
                break;
        }
    }

    private void WantFlush()
    {
        if (_flushWanted.CurrentCount == 0)
            _flushWanted.Release();
    }

    private Task SaveCosignedAsync(CosignedHead head)
    {
        _parts.CosignedHead.Save(head);
        _inputs.Writer.TryWrite(new CosignedHeadSaved(head));
        return Task.CompletedTask;
    }

    private void Publish(PublishFinal publish)
    {
        _final = publish.Checkpoint;
        _waiting.Final(publish.Checkpoint.Checkpoint.Size);
        _progress.Report(Commitment.Final, publish.Checkpoint.Checkpoint.Size);
        _writeback!.Publish(publish.Checkpoint);
    }

    private void Alarm(string text)
    {
        lock (_coreLock)
        {
            if (_alarms.Count == MaxAlarms)
                _alarms.RemoveAt(0);
            _alarms.Add(text);
        }
    }

    private void Answer(PutArrived put, IReadOnlyList<EventPlace>? places, long size, string reason = "")
    {
        if (put.Batch is null || _proposer?.TakeReturned(put.Batch.Batch.HeaderBytes) is not { } own)
            return;
        for (int i = 0; i < own.Submissions.Count; i++)
        {
            if (places is null)
            {
                own.Submissions[i].Fail(new OrderingUnavailableException($"The batch was not applied ({reason}): submit the event again."));
                continue;
            }
            own.Submissions[i].Place = places[i];
            _waiting.Add(own.Submissions[i], size);
        }
        _waiting.Durable(_parts.Log.DurableSize);
        _waiting.Final(_final?.Checkpoint.Size ?? 0);
    }

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
        long lastHeight = _executor.Head.Height;
        while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
        {
            _inputs.Writer.TryWrite(new Ticked(NowMs));
            long nowMs = Environment.TickCount64;
            var (height, _, _) = _applied;
            // While blocks of others flow, a silent validator reports its clock.
            if (_proposer is null || height == lastHeight || nowMs - _lastOwnBatchMs < SilentMs)
                continue;
            await _proposer.ReportClockAsync(_stopping.Token).ConfigureAwait(false);
            (_lastOwnBatchMs, lastHeight) = (nowMs, height + 1);
        }
    }

    // Puts are parsed and verified in parallel, and reach the core in their order.
    private async Task ReadOrderAsync()
    {
        var ahead = Channel.CreateBounded<Task<PutArrived>>(MaxChecksAhead);
        var feeding = FeedCoreAsync(ahead.Reader);
        try
        {
            await foreach (var put in _parts.Ordering.ReadAsync(_executor.Head.OrderingPosition, _stopping.Token).ConfigureAwait(false))
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
            _inputs.Writer.TryWrite(await check.ConfigureAwait(false));
    }

    private PutArrived Check(OrderedPut put)
    {
        if (!Batch.TryReadHeader(put.Bytes, out var headerBytes))
            return new PutArrived(put.Position, null, "not a batch");
        if (_proposer?.Find(headerBytes, put.Bytes) is { } own)
        {
            _lastOwnBatchMs = Environment.TickCount64;
            return new PutArrived(put.Position, own, "");
        }
        if (!Batch.TryParse(put.Bytes, out var batch, out string error))
            return new PutArrived(put.Position, null, error);
        var events = new CheckedEvent[batch.Events.Count];
        Parallel.For(0, events.Length, i => events[i] = _verifier.Check(batch.Events[i]));
        return new PutArrived(put.Position, new CheckedBatch(batch, events), "");
    }
}
