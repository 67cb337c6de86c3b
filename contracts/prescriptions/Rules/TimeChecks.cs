using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

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
        bool old = context.Event.TimeMs < context.NowMs - LongestAgeMs(context.Rule, context.Policy);
        if (!old) return Outcome.Accepted;
        return context.Rule.Late ? Outcome.ReportedTooLate : Outcome.TimeTooOld;
    }

    /// <summary>A supply that was handed over before this cannot be recorded any more.</summary>
    public static long OldestSupplyMs(ActContext context) => context.NowMs - LatestReportMs(context.Policy);

    public static long LongestAgeMs(ActRule? rule, Policy policy) =>
        rule is { Late: true } ? LatestReportMs(policy) : MaxBehindMs;

    private static long LatestReportMs(Policy policy) => Math.Max(MaxBehindMs, policy.ReportingPeriodMs);
}
