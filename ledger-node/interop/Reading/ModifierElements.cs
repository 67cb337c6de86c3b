using System.Text.Json;

namespace RxChain.Interop.Reading;

/// <summary>Elements that change what a resource says ("?!" on the pages of FHIR R4), and those that would make a
/// prescription more or other than the ledger records. Only the listed values are understood.</summary>
internal static class ModifierElements
{
    private static readonly Dictionary<string, Rule[]> _rules = new(StringComparer.Ordinal)
    {
        ["Bundle"] = [],
        ["Composition"] = [Must("status", "final"), Never("relatesTo")],
        ["MedicationRequest"] =
        [
            Must("status", "active"), Must("intent", "order"), May("doNotPerform", false), May("reportedBoolean", false),
            Never("reportedReference"), Never("priorPrescription"),
        ],
        ["Medication"] = [May("status", "active")],
        ["MedicationDispense"] = [Must("status", "completed")],
        ["Parameters"] = [],
        ["Patient"] = [May("active", true), May("deceasedBoolean", false), Never("deceasedDateTime"), Never("link")],
        ["Practitioner"] = [May("active", true)],
        ["PractitionerRole"] = [May("active", true)],
        ["Organization"] = [May("active", true)],
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

    private static Rule Must(string name, string value) => May(name, value) with { IsRequired = true };

    private static Rule May(string name, string value) =>
        new(name, value, json => json.ValueKind == JsonValueKind.String && json.ValueEquals(value));

    private static Rule May(string name, bool value) =>
        new(name, value ? "true" : "false", json => json.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False));

    private static Rule Never(string name) => new(name, "its absence", _ => false);

    private sealed record Rule(string Name, string Understood, Func<JsonElement, bool> Accepts)
    {
        public bool IsRequired { get; init; }

        public FhirError? Check(JsonElement resource)
        {
            if (!resource.TryGetProperty(Name, out var json))
                return IsRequired ? new("." + Name, "is missing") : null;
            return Accepts(json) ? null : new("." + Name, $"{Shown(json)} is not understood, only {Understood}");
        }

        private static string Shown(JsonElement json) => json.ValueKind switch
        {
            JsonValueKind.String => JsonPath.Quote(json.GetString()!),
            JsonValueKind.Object or JsonValueKind.Array => "this",
            _ => json.GetRawText(),
        };
    }
}
