using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RxChain.Interop;

/// <summary>Prescriptions and dispenses of invented people and drugs, for demonstrations and tests.</summary>
public static partial class FhirSamples
{
    private const string PrescriptionSuffix = ".prescription.json";

    /// <summary>The day on which every sample is issued as it stands.</summary>
    public static DateOnly IssuedOn { get; } = new(2026, 1, 5);

    /// <summary>Names of the samples, in order, for instance <c>single-pack</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Resources().Where(r => r.EndsWith(PrescriptionSuffix, StringComparison.Ordinal)).Select(r => r[..^PrescriptionSuffix.Length])];

    /// <summary>The prescription, as if issued on <paramref name="issuedOn"/>: all its dates move along.</summary>
    public static byte[] Prescription(string name, DateOnly issuedOn) => Read(name + PrescriptionSuffix, issuedOn);

    /// <summary>Its dispense records in order, moved likewise; none for a prescription that is not dispensed.</summary>
    public static IReadOnlyList<byte[]> Dispenses(string name, DateOnly issuedOn) =>
        [.. Resources().Where(r => r.StartsWith(name + ".dispense", StringComparison.Ordinal)).Select(r => Read(r, issuedOn))];

    private static IEnumerable<string> Resources() =>
        typeof(FhirSamples).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal);

    private static byte[] Read(string resource, DateOnly issuedOn)
    {
        using var stream = typeof(FhirSamples).Assembly.GetManifestResourceStream(resource)
            ?? throw new ArgumentException($"There is no sample {resource}.", nameof(resource));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var days = issuedOn.DayNumber - IssuedOn.DayNumber;
        return Encoding.UTF8.GetBytes(Date().Replace(reader.ReadToEnd(), match => Move(match.Value, days)));
    }

    private static string Move(string date, int days) =>
        DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A date at the start of a JSON string, as FHIR writes dates and times.</summary>
    [GeneratedRegex("(?<=\")[0-9]{4}-[0-9]{2}-[0-9]{2}(?=[\"T])")]
    private static partial Regex Date();
}
