using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions;

/// <summary>A policy to begin with. A network's own is in its genesis.</summary>
public static class DefaultPolicy
{
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    /// <summary>The same with other values where <paramref name="changes"/> gives one.</summary>
    public static Policy With(Policy changes)
    {
        Policy policy = Create();
        policy.MergeFrom(changes);
        return policy;
    }

    /// <summary>No reviews, any custody, claims of a day, windows of up to 400 days, and usual periods for the rest.</summary>
    public static Policy Create() => new()
    {
        ContractVersion = 1,
        ClaimPeriodMs = DayMs,
        LongestWindowMs = 400 * DayMs,
        BaseWindowHeights = 1_000,
        BucketBits = 20,
        ReportingPeriodMs = 7 * DayMs,
        ReversalPeriodMs = 12 * HourMs,
        LongestHoldMs = 90 * DayMs,
        DisputePeriodMs = 90 * DayMs,
        RetentionMs = 10 * 366 * DayMs,
        PresencePeriodMs = HourMs / 2,
        PackKeyVersion = 1,
    };
}
