using RxChain.Engine.Copying;
using RxChain.Engine.Core;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;
using RxChain.Ledger.Merkle;

namespace RxChain.Engine.Node;

/// <summary>Blocks and final heads from peers: for a node that is new, was away, or observes.</summary>
public sealed partial class LedgerNode
{
    // Who lacks no more than this has come near: what the network does meanwhile, the ordering gives.
    private const int NearLeaves = 4096;
    private const int AskPeersMs = 500;
    private const int RetryMs = 5_000;
    private const int PollMs = 20;
    private static readonly TimeSpan FinalPatience = TimeSpan.FromSeconds(5);

    private long _copyTarget;

    private long FinalSize => _final?.Checkpoint.Size ?? 0;

    // Of a node without ordering: all that it does.
    private async Task FollowPeersAsync()
    {
        while (true)
            await Task.Delay(await TryCopyAsync().ConfigureAwait(false) ? AskPeersMs : RetryMs, _stopping.Token).ConfigureAwait(false);
    }

    // A cosignature that was lost, or that this node slept through, comes as a final checkpoint. Copies nothing.
    private async Task FollowFinalAsync()
    {
        long seen = -1;
        while (true)
        {
            await Task.Delay(2 * AskPeersMs, _stopping.Token).ConfigureAwait(false);
            if (seen == FinalSize && seen < _parts.Log.DurableSize && await FindFinalAsync().ConfigureAwait(false) is { } found)
                _inputs.Writer.TryWrite(new FinalShown(found.Signed));
            seen = FinalSize;
        }
    }

    // False when it must wait for peers or for the operator.
    private async Task<bool> TryCopyAsync()
    {
        try
        {
            await CopyToFinalAsync().ConfigureAwait(false);
            return true;
        }
        catch (CopyFailedException failed)
        {
            Alarm($"copying from peers: {failed.Message}");
            return false;
        }
        finally
        {
            Volatile.Write(ref _copyTarget, 0);
        }
    }

    // Era by era: the checkpoint that ended one is verified by the era that this log already knows.
    private async Task CopyToFinalAsync()
    {
        while (await FindFinalAsync().ConfigureAwait(false) is { } found)
        {
            bool isNear = found.Head.Size - _parts.Log.Size <= NearLeaves;
            uint era = LastEra();
            if (found.Head.Size > _parts.Log.Size)
                await CopyUpToAsync(found).ConfigureAwait(false);
            _inputs.Writer.TryWrite(new FinalShown(found.Signed));
            if (!await BecomesFinalAsync(found.Head.Size).ConfigureAwait(false) || (isNear && era == LastEra()))
                return;
        }
    }

    // Null when peers know of no later final head than this node.
    private async Task<FoundFinal?> FindFinalAsync()
    {
        long final = FinalSize;
        var (era, endsAt) = EraAfter(final);
        var found = await new FinalSearch(Genesis.Origin, _parts.Sources, Alarm).FindAsync(era, endsAt, _stopping.Token).ConfigureAwait(false);
        return found?.Head.Size > final ? found : null;
    }

    // The era that rules the next final head, and the size that ends it as far as this log says.
    private (ValidatorSet Era, long EndsAt) EraAfter(long finalSize)
    {
        lock (_coreLock)
        {
            var (era, endsAt) = (ValidatorSet.Current(_executor.State), long.MaxValue);
            while (era.FromSize > finalSize && era.Number > 1)
                (era, endsAt) = (ValidatorSet.Read(_executor.State, era.Number - 1), era.FromSize);
            return (era, endsAt);
        }
    }

    private uint LastEra()
    {
        lock (_coreLock)
            return ValidatorSet.Current(_executor.State).Number;
    }

    private async Task CopyUpToAsync(FoundFinal found)
    {
        await DrainAsync().ConfigureAwait(false);
        MerkleFrontier tree;
        lock (_coreLock)
            tree = _executor.Head.Tree.Clone();
        long at = tree.Size;
        Volatile.Write(ref _copyTarget, found.Head.Size);
        var assembly = new BlockAssembly(_verifier);
        await foreach (var leaves in new LeafDownload(found.Sources, tree, found.Head, Alarm).ReadAsync(_stopping.Token).ConfigureAwait(false))
        {
            foreach (var leaf in leaves)
            {
                if (assembly.Add(at++, leaf) is { } block)
                    await GiveAsync(block).ConfigureAwait(false);
            }
        }
        while (_parts.Log.DurableSize < found.Head.Size)
        {
            ThrowIfCopyStopped();
            await Task.Delay(PollMs, _stopping.Token).ConfigureAwait(false);
        }
    }

    private async Task GiveAsync(BlockCopied block)
    {
        ThrowIfCopyStopped();
        await _puts.WaitAsync(_stopping.Token).ConfigureAwait(false);
        _inputs.Writer.TryWrite(block);
    }

    private void ThrowIfCopyStopped()
    {
        if (_core.Halt is { } halt)
            throw new CopyFailedException(halt.Reason);
    }

    // All that was given to the core is applied.
    private async Task DrainAsync()
    {
        while (_puts.CurrentCount < MaxPutsAhead)
            await Task.Delay(1, _stopping.Token).ConfigureAwait(false);
    }

    private async Task<bool> BecomesFinalAsync(long size)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        soon.CancelAfter(FinalPatience);
        try
        {
            await _progress.WaitBeyondAsync(size - 1, Commitment.Final, soon.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    // Who waits for an event of ours that came back in a copied block asks again, and gets the first outcome.
    private void AnswerCopied(ExecutedBlock block)
    {
        // The block of a recovery record has no batch.
        if (block.Seal.BatchHeader.IsEmpty || _proposer?.TakeReturned(block.Seal.BatchHeader) is not { } own)
            return;
        foreach (var submission in own.Submissions)
            submission.Fail(new Ports.OrderingUnavailableException("This node copied the block with this event from a peer: submit the event again."));
    }
}
