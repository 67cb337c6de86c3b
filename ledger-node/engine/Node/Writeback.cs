using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Execution;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Node;

/// <summary>
/// Carries changed state buckets to the state store in the background, never past the last flushed seal, and the published
/// checkpoint to its file. Both are caches of the log and the cosignatures: neither holds anybody up.
/// </summary>
internal sealed class Writeback(NodeParts parts, Progress progress, CancellationToken stopping)
{
    private const long CheckpointEveryMs = 100;

    private FrozenBuckets? _frozen;
    private AppliedMark _mark;
    private Task _storing = Task.CompletedTask;
    private Task _saving = Task.CompletedTask;
    private SignedCheckpoint? _unsaved;
    private long _savedMs;

    /// <summary>Called between blocks: begins or ends a write as needed.</summary>
    public void Offer(BlockExecutor executor, Lock coreLock)
    {
        SaveCheckpoint();
        if (!_storing.IsCompleted)
            return;
        if (_frozen is not null)
        {
            _storing.GetAwaiter().GetResult();
            _frozen = null;
            lock (coreLock)
                executor.State.Thaw();
        }
        if (executor.State.DirtyCount < parts.MaxDirtyBuckets)
            return;
        Freeze(executor, coreLock);
        _storing = Task.Run(StoreAsync);
    }

    /// <summary>Takes a new final checkpoint.</summary>
    public void Publish(SignedCheckpoint checkpoint) => _unsaved = checkpoint;

    /// <summary>At an orderly stop: stores everything, so that the next start need not replay. Nothing of a state that is in doubt.</summary>
    public async Task CloseAsync(EngineCore core, BlockExecutor executor, Lock coreLock)
    {
        await _saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_unsaved is not null)
            parts.Checkpoint.Save(_unsaved);
        await _storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_storing.IsCompletedSuccessfully || progress.Completion.IsFaulted)
            return;
        if (_frozen is not null)
            executor.State.Thaw();
        if (core.Halt?.Kind == HaltKind.Diverged || executor.State.DirtyCount == 0 || parts.Log.DurableSize < executor.Head.Size)
            return;
        Freeze(executor, coreLock);
        Store();
    }

    private void Freeze(BlockExecutor executor, Lock coreLock)
    {
        lock (coreLock)
        {
            _frozen = executor.State.Freeze();
            _mark = new AppliedMark(executor.Head.Size, executor.State.Root);
        }
    }

    private async Task StoreAsync()
    {
        await progress.WaitBeyondAsync(_mark.Size - 1, Commitment.Ordered, stopping).ConfigureAwait(false);
        Store();
    }

    private void Store() =>
        parts.State.Commit([.. _frozen!.Encode().Select(b => new BucketWrite(b.Bucket, b.Bytes))], _mark);

    // A save is a flush and a rename: blocks do not wait for it.
    private void SaveCheckpoint()
    {
        long nowMs = Environment.TickCount64;
        if (!_saving.IsCompleted || _unsaved is not { } checkpoint || nowMs - _savedMs < CheckpointEveryMs)
            return;
        _saving.GetAwaiter().GetResult();
        _saving = Task.Run(() => parts.Checkpoint.Save(checkpoint));
        (_unsaved, _savedMs) = (null, nowMs);
    }
}
