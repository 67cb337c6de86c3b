using RxChain.Ledger.Members;

namespace RxChain.Engine.Core;

/// <summary>
/// Whose turn it is to name the size to cosign. It follows from what all know, the last final size, and moves on with time
/// while nothing becomes final. Only the namer asks: members whose turns have drifted apart follow each other's names all the same.
/// </summary>
internal sealed class Turns
{
    /// <summary>A validator whose turn it is has so long to make a head final before the next one tries.</summary>
    public const long TurnMs = 500;

    private long _waitedMs;

    /// <summary>The wall clock at the last tick, ms since the Unix epoch.</summary>
    public long NowMs { get; private set; }

    /// <summary>Turns since the last final head.</summary>
    public long Number { get; private set; }

    /// <summary>True when a new turn begins. A clock that jumps moves the turn on by one at most, and one set back holds it up for one tick.</summary>
    public bool Tick(long nowMs)
    {
        if (NowMs != 0)
            _waitedMs += Math.Clamp(nowMs - NowMs, 0, TurnMs);
        NowMs = nowMs;
        if (_waitedMs < TurnMs)
            return false;
        _waitedMs = 0;
        Number++;
        return true;
    }

    /// <summary>A head became final.</summary>
    public void Restart() => (_waitedMs, Number) = (0, 0);

    public bool IsOf(string name, ValidatorSet era, long finalSize) =>
        era.Names[(int)((finalSize + Number) % era.Names.Count)] == name;
}
