using RxChain.Engine.Ports;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Copying;

/// <summary>A final head that an era's quorum cosigned, and the peers that say they have it.</summary>
internal sealed record FoundFinal(SignedCheckpoint Signed, IReadOnlyList<IBlockSource> Sources)
{
    public Checkpoint Head => Signed.Checkpoint;
}

/// <summary>Asks peers how far the network is.</summary>
internal sealed class FinalSearch(string network, IReadOnlyList<IBlockSource> sources, Action<string> alarm)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The largest head that peers show and a quorum of <paramref name="era"/> cosigned, at most <paramref name="endsAt"/> leaves; null when
    /// none does. A checkpoint that its era did not sign is told to the operator.
    /// </summary>
    public async Task<FoundFinal?> FindAsync(ValidatorSet era, long endsAt, CancellationToken cancellationToken)
    {
        var shown = await Task.WhenAll(sources.Select(source => AskAsync(source, era, cancellationToken))).ConfigureAwait(false);
        var good = shown.Where(s => s.Signed is not null && s.Signed.Checkpoint.Size <= endsAt).ToList();
        if (good.Count == 0)
            return null;
        var best = good.MaxBy(s => s.Signed!.Checkpoint.Size).Signed!;
        return new FoundFinal(best, [.. good.Where(s => s.Signed!.Checkpoint.Size >= best.Checkpoint.Size).Select(s => s.Source)]);
    }

    private async Task<(IBlockSource Source, SignedCheckpoint? Signed)> AskAsync(
        IBlockSource source, ValidatorSet era, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ends.CancelAfter(Patience);
        try
        {
            if (await source.ReadFinalAsync(era.Number, ends.Token).ConfigureAwait(false) is not { } signed)
                return (source, null);
            if (FirstFault(signed, era) is not { } fault)
                return (source, signed);
            alarm($"peer {source.Member}: shows a head of {signed.Checkpoint.Size} leaves as final, but {fault}");
        }
        catch (BlockSourceException e)
        {
            if (e.IsLie)
                alarm($"peer {source.Member}: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It does not answer: others do.
        }
        return (source, null);
    }

    private string? FirstFault(SignedCheckpoint signed, ValidatorSet era)
    {
        if (signed.Checkpoint.Origin != network)
            return $"it is of {signed.Checkpoint.Origin}";
        var verdict = era.Quorum.Evaluate(signed);
        return verdict.IsSatisfied ? null : $"era {era.Number} has not signed it: {verdict.Reason}";
    }
}
