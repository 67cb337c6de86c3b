using RxChain.Engine.Core;

namespace RxChain.Engine.Node;

/// <summary>
/// When this validator reports its clock. Ledger time follows the reports of several validators: it stands still while
/// nobody reports, and the first act after a pause would seem to come from the future.
/// </summary>
public sealed partial class LedgerNode
{
    // A clock is reported so long after the last, while events flow and while they do not.
    private const int SilentMs = 3_000;
    private const int IdleMs = 60_000;

    // An event so far ahead of ledger time, but not of this node's clock, has clocks reported, and waits so long for them.
    private const int AheadMs = 60_000;
    private const int MaxCatchUpMs = 2_000;
    private const int CatchUpPollMs = 10;

    // Another's clock so far ahead of the last that this node reported is followed by a report, if this node's clock has
    // moved as far. So no clock, right or wrong, brings about more reports than one in this time.
    private const int FollowMs = 30_000;

    private Task _reporting = Task.CompletedTask;
    private long _lastOwnBatchMs = Environment.TickCount64 - SilentMs;
    private long _lastEventMs = long.MinValue;
    private long _ledgerTimeMs;
    private volatile bool _clockWanted;

    private long NowMs => _parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Orders this validator's clock now instead of when it has been silent for a while. Does nothing on an observer.
    /// </summary>
    public Task ReportClockAsync(CancellationToken cancellationToken) =>
        _proposer?.ReportClockAsync(cancellationToken) ?? Task.CompletedTask;

    // When wanted, and while events flow, and seldom while they do not, a silent validator reports its clock. Empty blocks are
    // no events: else the members would answer each other's clocks for ever. Does not wait: an order that hangs must not stop the ticks.
    private void ReportClockIfSilent()
    {
        long nowMs = Environment.TickCount64, lastMs = Volatile.Read(ref _lastOwnBatchMs);
        bool eventsFlow = Volatile.Read(ref _lastEventMs) > lastMs;
        if (_proposer is null || !_reporting.IsCompleted || (!_clockWanted && nowMs - lastMs < (eventsFlow ? SilentMs : IdleMs)))
            return;
        _clockWanted = false;
        Volatile.Write(ref _lastOwnBatchMs, nowMs);
        _reporting = Guard(() => _proposer.ReportClockAsync(_stopping.Token));
    }

    private void FollowClock(PutArrived put)
    {
        if (_proposer is null || put.Batch!.Batch.Header is not { } header || header.Proposer == Member)
            return;
        long last = _proposer.LastClockMs;
        if (header.ClockMs - last > FollowMs && NowMs - last > FollowMs)
            _clockWanted = true;
    }

    // A time that this node's clock does not confirm is the rules' to refuse, and so is one that ledger time does not reach.
    private async ValueTask CatchUpAsync(long eventMs, CancellationToken cancellationToken)
    {
        if (!IsAhead(eventMs) || _soleValidator || eventMs > NowMs + AheadMs)
            return;
        _clockWanted |= NowMs - _proposer!.LastClockMs > SilentMs;
        long until = Environment.TickCount64 + MaxCatchUpMs;
        while (IsAhead(eventMs) && Environment.TickCount64 < until)
            await Task.Delay(CatchUpPollMs, cancellationToken).ConfigureAwait(false);
    }

    private bool IsAhead(long eventMs) => eventMs > Volatile.Read(ref _ledgerTimeMs) + AheadMs;
}
