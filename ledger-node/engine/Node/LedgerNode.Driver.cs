using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Execution;

namespace RxChain.Engine.Node;

public sealed partial class LedgerNode
{
    private const int MaxAlarms = 100;

    private readonly Waiting _waiting = new();
    private Writeback? _writeback;
    private Task _cosigning = Task.CompletedTask;
    private int _disposed;
    private int _admitting;
    private long _ignoredPuts;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await StopAsync(null).ConfigureAwait(false);
        await Task.WhenAll([.. _tasks, _cosigning, _reporting]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (Volatile.Read(ref _admitting) > 0)
            await Task.Delay(1).ConfigureAwait(false);
        try
        {
            if (_writeback is not null)
                await _writeback.CloseAsync(_core, _executor, _coreLock).ConfigureAwait(false);
            await _signatures.CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _progress.Stop(null);
            _keys.Dispose();
            _stopping.Dispose();
            _flushWanted.Dispose();
            _puts.Dispose();
        }
    }

    private void Run()
    {
        _writeback = new Writeback(_parts, _progress, _stopping.Token);
        _parts.Peers.OnReceive(message => _inputs.Writer.TryWrite(new PeerMessageArrived(message)), Alarm);
        _inputs.Writer.TryWrite(new Ticked(NowMs));
        _inputs.Writer.TryWrite(new LogFlushed(_parts.Log.DurableSize));
        if (_final is not null)
            _progress.Report(Commitment.Final, _final.Checkpoint.Size);
        _tasks =
        [
            Task.Run(() => Guard(RunCoreAsync)),
            Task.Run(() => Guard(() => _parts.Ordering is { } ordering ? FollowOrderAsync(ordering) : FollowPeersAsync())),
            Task.Run(() => Guard(() => _parts.Ordering is null || _parts.Sources.Count == 0 ? Task.CompletedTask : FollowFinalAsync())),
            Task.Run(() => Guard(FlushAsync)),
            Task.Run(() => Guard(TickAsync)),
            Task.Run(() => Guard(() => _proposer?.RunAsync(_stopping.Token) ?? Task.CompletedTask)),
        ];
    }

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
            await StopAsync(cause).ConfigureAwait(false);
        }
    }

    // Nobody who waits is left behind, and nobody is acknowledged afterwards.
    private async Task StopAsync(Exception? cause)
    {
        var stopped = new OrderingUnavailableException(
            cause is null ? "The node has stopped." : $"The node has stopped: {cause.Message}", cause);
        _waiting.FailAll(stopped);
        await _stopping.CancelAsync().ConfigureAwait(false);
        _inputs.Writer.TryComplete();
        _proposer?.FailAll(stopped);
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
                Volatile.Write(ref _ledgerTimeMs, _executor.Head.LedgerTimeMs);
                // Together with the step, which forgets the states that proofs under the last one need.
                _final = effects.OfType<PublishFinal>().LastOrDefault()?.Checkpoint ?? _final;
                // Whoever sees a halt sees the alarm that explains it.
                foreach (var alarm in effects.OfType<RaiseAlarm>())
                    Alarm(alarm.Text);
            }
            if (input is PutArrived or BlockCopied)
                _puts.Release();
            foreach (var effect in effects)
                CarryOut(effect);
            if (input is LogFlushed flushed)
            {
                _waiting.Durable(flushed.Size);
                _progress.Report(Commitment.Ordered, flushed.Size);
            }
            if (_core.Halt?.Kind != HaltKind.Diverged)
                _writeback!.Offer(_executor, _coreLock);
            _signatures.Offer();
        }
    }

    private void CarryOut(EngineEffect effect)
    {
        switch (effect)
        {
            case AppendBlock append:
                _parts.Log.AppendBlock(append.Block.Leaves, append.Block.LeafHashes);
                WantFlush();
                if (append.Block.Seal.EventCount > 0)
                    Volatile.Write(ref _lastEventMs, Environment.TickCount64);
                if (append.Put is { } put)
                {
                    FollowClock(put);
                    Answer(put, append.Block.Places, append.Block.SizeAfter);
                }
                else
                {
                    AnswerCopied(append.Block);
                }
                break;
            case PutSkipped skipped:
                Interlocked.Increment(ref _ignoredPuts);
                Answer(skipped.Put, skipped.Places, _executor.Head.Size, skipped.Reason);
                break;
            case SaveCosignedHead save:
                _cosigning = Task.Run(() => Guard(() => SaveCosignedAsync(save.Head)));
                break;
            case SendToPeers send:
                _parts.Peers.Send(send.Message);
                break;
            case SendToPeer send:
                _parts.Peers.SendTo(send.Peer, send.Message);
                break;
            case KeepEraEnd end:
                _parts.Checkpoint.SaveEraEnd(end.Era, end.Checkpoint);
                break;
            case PublishFinal publish:
                Publish(publish);
                break;
            case KeepCosignature keep:
                _signatures.Keep(keep.Cosigned);
                break;
            case KeepEvidence keep:
                _parts.Signatures.Add(keep.Proof);
                break;
            case HaltNode halted:
                StopWriting(halted.Halt);
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
        _waiting.Final(publish.Checkpoint.Checkpoint.Size);
        _progress.Report(Commitment.Final, publish.Checkpoint.Checkpoint.Size);
        _writeback!.Publish(publish.Checkpoint);
    }

    /// <summary>Tells the operator, in the status. The same text once.</summary>
    public void Alarm(string text)
    {
        lock (_coreLock)
        {
            // What is said again and again must not push out the rest.
            _alarms.Remove(text);
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
}
