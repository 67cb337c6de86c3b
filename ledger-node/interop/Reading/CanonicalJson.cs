using System.Text;
using System.Text.Json;

namespace RxChain.Interop.Reading;

/// <summary>The canonical form of docs/FORMAT.md: RFC 8785 (members sorted by UTF-16 code units, no white space,
/// shortest escapes), save that numbers stay as written, because the precision of a FHIR decimal carries meaning
/// (FHIR R4 json.html#primitive). <see cref="FhirIntake"/> has seen to it that no other control characters occur.</summary>
internal static class CanonicalJson
{
    /// <summary>An element as it is, without those of its own members that are named.</summary>
    public static string Of(JsonElement json, params ReadOnlySpan<string> without)
    {
        var text = new StringBuilder();
        if (json.ValueKind == JsonValueKind.Object) AppendObject(text, json, without);
        else Append(text, json);
        return text.ToString();
    }

    /// <summary>An element as it is; null when it is missing.</summary>
    public static string? Of(FhirNode node) => node.Exists ? Of(node.Json) : null;

    /// <summary>An object of those parts that are not null. <paramref name="parts"/> must be in order of their names.</summary>
    public static string Object(params ReadOnlySpan<(string Name, string? Json)> parts)
    {
        var text = new StringBuilder("{");
        foreach (var (name, json) in parts)
        {
            if (json is not null) AppendName(text, name).Append(json);
        }

        return text.Append('}').ToString();
    }

    private static void Append(StringBuilder text, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(text, json, []);
                break;
            case JsonValueKind.Array:
                AppendArray(text, json);
                break;
            case JsonValueKind.String:
                AppendString(text, json.GetString()!);
                break;
            default:
                text.Append(json.GetRawText());
                break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonElement json, ReadOnlySpan<string> without)
    {
        text.Append('{');
        foreach (var property in json.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            if (without.Contains(property.Name)) continue;
            AppendName(text, property.Name);
            Append(text, property.Value);
        }

        text.Append('}');
    }

    private static void AppendArray(StringBuilder text, JsonElement json)
    {
        var separator = '[';
        foreach (var item in json.EnumerateArray())
        {
            text.Append(separator);
            Append(text, item);
            separator = ',';
        }

        text.Append(']');
    }

    private static StringBuilder AppendName(StringBuilder text, string name)
    {
        if (text[^1] != '{') text.Append(',');
        AppendString(text, name);
        return text.Append(':');
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
