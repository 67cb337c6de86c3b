using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace RxChain.Interop.Reading;

/// <summary>Turns untrusted bytes into JSON that is sound everywhere, also where nothing will be read: FHIR R4
/// json.html, extensibility.html#modifierExtension, and the modifier elements of each resource.</summary>
internal static partial class FhirIntake
{
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions _options = new() { MaxDepth = MaxDepth };

    /// <summary>The document, or null and the error.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json, out FhirError? error)
    {
        if (json.Length > FhirReader.MaxSizeBytes) return Refused($"is larger than {FhirReader.MaxSizeBytes} bytes", out error);
        if (!Utf8.IsValid(json.Span)) return Refused("is not UTF-8", out error);
        if (json.Span.StartsWith(Encoding.UTF8.Preamble)) json = json[Encoding.UTF8.Preamble.Length..];
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, _options);
        }
        catch (JsonException e)
        {
            return Refused($"is not JSON of at most {MaxDepth} levels (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})", out error);
        }

        var flaw = Check(document.RootElement);
        error = flaw is null ? null : new FhirError("$" + flaw.Path, flaw.Message);
        if (error is null) return document;
        document.Dispose();
        return null;
    }

    private static JsonDocument? Refused(string message, out FhirError error)
    {
        error = new FhirError("$", message);
        return null;
    }

    /// <summary>Null, or the first flaw with its path from here. At most <see cref="MaxDepth"/> calls deep.</summary>
    private static FhirError? Check(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => CheckObject(json),
        JsonValueKind.Array => CheckArray(json),
        JsonValueKind.String => TextFlaw(json) is { } flaw ? new("", flaw) : null,
        JsonValueKind.Number => json.TryGetDecimal(out _) ? null : new("", "is a number out of range"),
        _ => null,
    };

    private static FhirError? CheckObject(JsonElement json)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (NameOf(property) is not { } name) return new("", "has a property whose name FHIR cannot have");
            var flaw = names.Add(name) ? CheckProperty(name, property.Value) : new("", "is given twice");
            if (flaw is not null) return flaw with { Path = $".{name}{flaw.Path}" };
        }

        if (names.Count == 0) return new("", "is an empty object");
        return names.Contains("resourceType") ? ModifierElements.Check(json) : null;
    }

    private static FhirError? CheckProperty(string name, JsonElement value) => name switch
    {
        "modifierExtension" => new("", "changes the meaning, and no modifier extension is understood"),
        "implicitRules" => new("", "changes the meaning, and no implicit rules are understood"),
        _ when value.ValueKind == JsonValueKind.Null => new("", "is null"),
        _ => Check(value),
    };

    private static FhirError? CheckArray(JsonElement json)
    {
        if (json.GetArrayLength() == 0) return new("", "is an empty array");
        var index = 0;
        foreach (var item in json.EnumerateArray())
        {
            if (Check(item) is { } flaw) return flaw with { Path = JsonPath.ItemStep(index) + flaw.Path };
            index++;
        }

        return null;
    }

    private static string? TextFlaw(JsonElement json)
    {
        if (Unicode(json.GetString) is not { } text) return "is not Unicode";
        if (text.Length == 0) return "is an empty string";
        return text.Any(c => c < ' ' && c is not ('\t' or '\n' or '\r')) ? "contains a control character" : null;
    }

    private static string? NameOf(JsonProperty property) =>
        Unicode(() => property.Name) is { } name && FhirName().IsMatch(name) ? name : null;

    /// <summary>Null for an escaped lone surrogate such as "\ud800": the one thing in a string that the parser lets
    /// through, and that throws when it is decoded.</summary>
    private static string? Unicode(Func<string?> decode)
    {
        try
        {
            return decode();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9]{0,63}\\z")]
    private static partial Regex FhirName();
}
