namespace RxChain.Interop;

/// <summary>A FHIR R4 date, dateTime or instant: the span of time that it names.</summary>
/// <param name="Day">The local day on which it begins.</param>
/// <param name="FromMs">Its first millisecond since the Unix epoch.</param>
/// <param name="ToMs">The first millisecond after it: one more for an instant, the next midnight for a date.</param>
public readonly record struct FhirTime(DateOnly Day, long FromMs, long ToMs)
{
    /// <summary>True when the document gave a time of day, not only a date.</summary>
    public bool IsInstant => ToMs == FromMs + 1;
}

/// <summary>When a prescription may be claimed.</summary>
/// <param name="NotBeforeMs">First millisecond since the Unix epoch.</param>
/// <param name="NotAfterMs">First millisecond that is too late.</param>
public readonly record struct FhirWindow(long NotBeforeMs, long NotAfterMs)
{
    /// <summary>True when all of <paramref name="time"/> lies inside.</summary>
    public bool Contains(FhirTime time) => time.FromMs >= NotBeforeMs && time.ToMs <= NotAfterMs;
}
