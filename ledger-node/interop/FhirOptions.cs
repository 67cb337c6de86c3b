namespace RxChain.Interop;

/// <summary>National rules that the documents take for granted.</summary>
public sealed record FhirOptions
{
    /// <summary>Identifier system of Germany's e-prescription numbers.</summary>
    public const string GematikPrescriptionId = "https://gematik.de/fhir/erp/NamingSystem/GEM_ERP_NS_PrescriptionId";

    /// <summary>Identifier system of the prescription numbers in our own samples.</summary>
    public const string SamplePrescriptionId = "https://rxchain.example/fhir/NamingSystem/prescription-id";

    /// <summary>German rules: Central European Time, 28 days, 365 days for repeats.</summary>
    public static FhirOptions Default { get; } = new();

    /// <summary>The zone in which a date of the document is a day.</summary>
    public TimeZoneInfo TimeZone { get; init; } = CentralEuropeanTime.Zone;

    /// <summary>A prescription that states no period may be claimed until the end of this many days after
    /// its day of issue.</summary>
    public int ValidDays { get; init; } = 28;

    /// <summary>The same for a repeat whose period has no end.</summary>
    public int RepeatValidDays { get; init; } = 365;

    /// <summary>Identifier systems that name a prescription.</summary>
    public IReadOnlyList<string> PrescriptionIdSystems { get; init; } = [GematikPrescriptionId, SamplePrescriptionId];
}
