using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>How heads become final: by the cosignatures that came in, or by a final checkpoint that a peer shows.</summary>
internal sealed partial class Finality
{
    private SignedCheckpoint? _shown;

    /// <summary>A peer's final checkpoint.</summary>
    public void Show(SignedCheckpoint shown, List<EngineEffect> effects)
    {
        if (Judge(shown, effects))
            MakeFinal(effects);
        Progress(effects);
    }

    // True when it is worth waiting for: a quorum signed it, and it is not beyond doubt that this log holds another head.
    private bool Judge(SignedCheckpoint shown, List<EngineEffect> effects)
    {
        var (size, root) = (shown.Checkpoint.Size, shown.Checkpoint.Root);
        var own = _heads.RootAt(size);
        if (shown.Checkpoint.Origin != _network || (own == root && size <= FinalSize) || _shown?.Checkpoint.Equals(shown.Checkpoint) == true
            || !_eras.At(size).Quorum.Evaluate(shown).IsSatisfied)
            return false;
        if (own is not null && own != root)
        {
            Stop(HaltKind.Diverged, Divergence("a quorum has cosigned", new CosignedHead(size, root), own.Value), effects);
            return false;
        }
        // The nearest first: it is the next step. One that another era's quorum must sign may have to be shown again.
        if (_shown is null || size < _shown.Checkpoint.Size || _shown.Checkpoint.Size <= FinalSize)
            _shown = shown;
        return true;
    }

    private void MakeFinal(List<EngineEffect> effects)
    {
        while (FindFinal(effects) is { } final)
            BecomeFinal(final, effects);
    }

    private SignedCheckpoint? FindFinal(List<EngineEffect> effects)
    {
        var era = Era;
        long ceiling = Ceiling;
        if (CanPublish(era)
            && _cosignatures.FindFinal(era, h => h.Size > FinalSize && h.Size <= ceiling && _heads.Find(h.Size) == h.Root) is { } found)
            return _cosignatures.Publish(_log!, found.Head, found.Quorum);
        if (_shown is not { } shown || shown.Checkpoint.Size > ceiling)
            return null;
        _shown = null;
        // Its era may have become known only now.
        return shown.Checkpoint.Size > FinalSize && Judge(shown, effects) ? shown : null;
    }

    // Others publish with the log key of the validator that they have the checkpoint from.
    private bool CanPublish(ValidatorSet era) => _log is not null && era.Quorum.Logs.Any(log => log.Key == _log.VerifierKey);

    private void BecomeFinal(SignedCheckpoint final, List<EngineEffect> effects)
    {
        var era = Era;
        if (_eras.EndOf(era) == final.Checkpoint.Size)
        {
            _eraEnds[era.Number] = final;
            effects.Add(new KeepEraEnd(era.Number, final));
        }
        effects.Add(new PublishFinal(final));
        Final = final;
        _turns.Restart();
        (_namedInTurn, _waitedTurns) = (-1, 0);
        _reports.ForgetBelow(FinalSize);
        _heads.ForgetBelow(FinalSize);
        _cosignatures.ForgetUpTo(FinalSize);
    }

    // The next step of the chain of eras for who knows of this final size.
    private SignedCheckpoint? NextFinalAfter(long size) =>
        size < FinalSize && _eraEnds.TryGetValue(_eras.At(size + 1).Number, out var end) ? end : Final;

    private static string Divergence(string who, CosignedHead theirs, Hash32 own) =>
        $"DIVERGED: {who} size {theirs.Size} root {theirs.Root}; this node has root {own} there. "
        + "It does not cosign any more, refuses writes and serves its last final state. Keep this data directory as evidence, "
        + "compare both logs with rxaudit, then replace the data by a peer's and have a new cosigner key voted in.";
}
