using System.Globalization;
using System.Text.RegularExpressions;

namespace RxChain.Interop.Reading;

/// <summary>FHIR R4 datatypes.html#primitive: date, dateTime and instant, as spans of time. A bare year or
/// month is refused: nothing that is handed over or issued is known so vaguely.</summary>
internal static partial class FhirTimeText
{
    public static FhirTime? Read(string text, TimeZoneInfo zone)
    {
        var match = Grammar().Match(text);
        if (!match.Success || !DateOnly.TryParseExact(match.Groups["date"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return null;
        if (date.Year is < 1970 or > 2199) return null;
        return match.Groups["time"].Success ? Instant(date, match, zone) : WholeDay(date, zone);
    }

    /// <summary>The first millisecond of a local day.</summary>
    public static long MidnightMs(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return Milliseconds(midnight.Ticks - offset.Ticks);
    }

    private static FhirTime WholeDay(DateOnly day, TimeZoneInfo zone) =>
        new(day, MidnightMs(day, zone), MidnightMs(day.AddDays(1), zone));

    private static FhirTime? Instant(DateOnly date, Match match, TimeZoneInfo zone)
    {
        if (!TimeOnly.TryParseExact(match.Groups["time"].Value, "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return null;
        if (Offset(match.Groups["zone"].Value) is not { } offset) return null;
        var fraction = match.Groups["fraction"].Value.PadRight(3, '0')[..3];
        var utc = date.ToDateTime(time) - offset + TimeSpan.FromMilliseconds(int.Parse(fraction, CultureInfo.InvariantCulture));
        var local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone);
        var ms = Milliseconds(utc.Ticks);
        return new(DateOnly.FromDateTime(local), ms, ms + 1);
    }

    private static TimeSpan? Offset(string zone)
    {
        if (zone == "Z") return TimeSpan.Zero;
        if (!TimeSpan.TryParseExact(zone[1..], "hh\\:mm", CultureInfo.InvariantCulture, out var offset)) return null;
        if (offset > TimeSpan.FromHours(14)) return null;
        return zone[0] == '-' ? -offset : offset;
    }

    private static long Milliseconds(long utcTicks) => (utcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    [GeneratedRegex("^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(T(?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(\\.(?<fraction>[0-9]{1,9}))?(?<zone>Z|[+-][0-9]{2}:[0-9]{2}))?\\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
