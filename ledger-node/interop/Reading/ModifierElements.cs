using System.Text.Json;

namespace RxChain.Interop.Reading;

/// <summary>Elements that change what a resource says (flagged "?!" in FHIR R4), and those that would make a
/// prescription more or other than the ledger records. Only the listed values are understood; an element
/// without values must be absent.</summary>
internal static class ModifierElements
{
    private static readonly Dictionary<string, Rule[]> _rules = new(StringComparer.Ordinal)
    {
        ["Bundle"] = [],
        ["Composition"] = [Must("status", "final"), Never("relatesTo")],
        ["MedicationRequest"] =
        [
            Must("status", "active"), Must("intent", "order"), May("doNotPerform", "false"), May("reportedBoolean", "false"),
            Never("reportedReference"), Never("priorPrescription"),
        ],
        ["Medication"] = [May("status", "active")],
        ["MedicationDispense"] = [Must("status", "completed")],
        ["Parameters"] = [],
        ["Patient"] = [May("active", "true"), May("deceasedBoolean", "false"), Never("deceasedDateTime"), Never("link")],
        ["Practitioner"] = [May("active", "true")],
        ["PractitionerRole"] = [May("active", "true")],
        ["Organization"] = [May("active", "true")],
        ["Coverage"] = [Must("status", "active")],
    };

    /// <summary>Null, or the first flaw of this resource.</summary>
    public static FhirError? Check(JsonElement resource)
    {
        var type = resource.GetProperty("resourceType");
        if (type.ValueKind != JsonValueKind.String) return new(".resourceType", "is not a string");
        if (!_rules.TryGetValue(type.GetString()!, out var rules))
            return new(".resourceType", $"{JsonPath.Quote(type.GetString()!)} is not understood");
        return rules.Select(rule => rule.Check(resource)).FirstOrDefault(flaw => flaw is not null);
    }

    private static Rule Must(string name, string value) => new(name, value, Required: true);

    private static Rule May(string name, string value) => new(name, value, Required: false);

    private static Rule Never(string name) => new(name, null, Required: false);

    private sealed record Rule(string Name, string? Value, bool Required)
    {
        public FhirError? Check(JsonElement resource)
        {
            if (!resource.TryGetProperty(Name, out var value))
                return Required ? new("." + Name, "is missing") : null;
            if (Value is null) return new("." + Name, "changes the meaning and is not understood");
            var given = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            return given == Value && IsExpectedKind(value)
                ? null
                : new("." + Name, $"{JsonPath.Quote(given)} is not understood, only {Value}");
        }

        private bool IsExpectedKind(JsonElement value) =>
            (value.ValueKind == JsonValueKind.String) == (Value is not ("true" or "false"));
    }
}
