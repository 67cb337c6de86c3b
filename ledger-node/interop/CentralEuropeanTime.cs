namespace RxChain.Interop;

/// <summary>Central European Time by the rule in force since 1996 (directive 2000/84/EC): summer time from the
/// last Sunday of March to the last Sunday of October, changing at 01:00 UTC. Needs no tz database, so that
/// every machine reads the same window.</summary>
public static class CentralEuropeanTime
{
    /// <summary>UTC+1, in summer UTC+2.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.CreateCustomTimeZone(
        "RxChain/CET", TimeSpan.FromHours(1), "Central European Time", "CET", "CEST", [SummerTime()]);

    private static TimeZoneInfo.AdjustmentRule SummerTime() =>
        TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            DateTime.MinValue.Date,
            DateTime.MaxValue.Date,
            TimeSpan.FromHours(1),
            LastSunday(month: 3, hour: 2),
            LastSunday(month: 10, hour: 3));

    private static TimeZoneInfo.TransitionTime LastSunday(int month, int hour) =>
        TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, hour, 0, 0), month, week: 5, DayOfWeek.Sunday);
}
