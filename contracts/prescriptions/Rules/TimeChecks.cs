using RxChain.Prescriptions.Events;

namespace RxChain.Prescriptions.Rules;

/// <summary>The signer's clock against ledger time.</summary>
internal static class TimeChecks
{
    /// <summary>How far the signer's clock may run ahead.</summary>
    public const long MaxAheadMs = 5 * 60_000;

    /// <summary>How late an act may reach the ledger.</summary>
    public const long MaxBehindMs = 15 * 60_000;

    public static Outcome Check(ActContext context)
    {
        if (context.Event.TimeMs > context.NowMs + MaxAheadMs) return Outcome.TimeInFuture;
        if (!context.Rule.Late)
            return context.Event.TimeMs < context.NowMs - MaxBehindMs ? Outcome.TimeTooOld : Outcome.Accepted;
        long oldestMs = context.NowMs - Math.Max(MaxBehindMs, context.Policy.ReportingPeriodMs);
        return context.Event.TimeMs < oldestMs ? Outcome.ReportedTooLate : Outcome.Accepted;
    }
}
