using System.Globalization;
using RxChain.Testing;

namespace RxChain.SystemTests.Stories;

/// <summary>What the stories take from an HL7 v2 pharmacy message: whole units ordered and dispensed. The messages
/// themselves are not read by RxChain.</summary>
internal sealed record Hl7Order(uint Ordered, uint Dispensed)
{
    private const int OrderedField = 11, DispensedField = 4;

    /// <summary>RXO-11 (requested dispense amount) and RXD-4 (actual dispense amount; 0 when the message has none).</summary>
    public static Hl7Order Read(string file)
    {
        string[] segments = File.ReadAllText(SharedData.Locate("hl7v2", file)).Split('\r', '\n');
        return new Hl7Order(Amount(segments, "RXO", OrderedField), Amount(segments, "RXD", DispensedField));
    }

    private static uint Amount(string[] segments, string name, int field)
    {
        string? segment = segments.FirstOrDefault(s => s.StartsWith(name + "|", StringComparison.Ordinal));
        return segment is null ? 0 : uint.Parse(segment.Split('|')[field], CultureInfo.InvariantCulture);
    }
}
