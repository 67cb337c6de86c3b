using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace RxChain.Interop.Reading;

/// <summary>One element of the document with its path. A missing element is a node too: asked for anything, it
/// answers with nothing, so that readings need no branches; the problem is reported where it arose.</summary>
internal readonly record struct FhirNode(JsonElement Json, JsonPath Path, FhirProblems Problems)
{
    private const int MaxTextLength = 1024;

    public bool Exists => Json.ValueKind != JsonValueKind.Undefined;

    public static FhirNode Root(JsonElement json, FhirProblems problems) => new(json, JsonPath.Root, problems);

    /// <summary>A member that may be absent.</summary>
    public FhirNode this[string name]
    {
        get
        {
            var path = Path.Member(name);
            if (!Exists) return new(default, path, Problems);
            if (Json.ValueKind != JsonValueKind.Object) Fail("is not an object");
            else if (Json.TryGetProperty(name, out var json)) return new(json, path, Problems);
            return new(default, path, Problems);
        }
    }

    /// <summary>A member that must be there.</summary>
    public FhirNode Required(string name)
    {
        var member = this[name];
        if (Exists && !member.Exists) member.Fail("is missing");
        return member;
    }

    public void Fail(string message) => Problems.Report(Path.ToString(), message);

    /// <summary>The element; missing, with a problem, when it is written in more bytes than that.</summary>
    public FhirNode AtMost(int maxBytes)
    {
        if (!Exists || JsonMarshal.GetRawUtf8Value(Json).Length <= maxBytes) return this;
        Fail($"is larger than {maxBytes} bytes");
        return this with { Json = default };
    }

    /// <summary>The entries of an array; none when it is missing.</summary>
    public IReadOnlyList<FhirNode> Items(int max = 64)
    {
        if (!Exists) return [];
        if (Json.ValueKind != JsonValueKind.Array) return None("is not an array");
        if (Json.GetArrayLength() > max) return None($"has more than {max} entries");
        var (path, problems) = (Path, Problems);
        return [.. Json.EnumerateArray().Select((item, i) => new FhirNode(item, path.Item(i), problems))];
    }

    /// <summary>The one entry of an array, where FHIR allows more than we understand.</summary>
    public FhirNode Only()
    {
        var items = Items();
        if (items.Count > 1) Fail("has more than one entry, and only one is understood");
        return items.Count == 0 ? this with { Json = default } : items[0];
    }

    /// <summary>A string of 1 to 1,024 characters; empty when the element is missing.</summary>
    public string Text()
    {
        if (!Exists) return "";
        var text = Json.ValueKind == JsonValueKind.String ? Json.GetString()! : null;
        if (text is null) Fail("is not a string");
        else if (text.Length > MaxTextLength) Fail($"is longer than {MaxTextLength} characters");
        return text ?? "";
    }

    /// <summary>True or false; null when the element is missing.</summary>
    public bool? Boolean()
    {
        if (Json.ValueKind is JsonValueKind.True or JsonValueKind.False) return Json.GetBoolean();
        if (Exists) Fail("is not true or false");
        return null;
    }

    /// <summary>A positive decimal; 0 when the element is missing.</summary>
    public decimal Positive()
    {
        if (!Exists) return 0;
        if (Json.ValueKind == JsonValueKind.Number && Json.TryGetDecimal(out var value) && value > 0) return value;
        Fail($"{Shown()} is not a positive number");
        return 0;
    }

    /// <summary>A whole number from 1 to <paramref name="max"/>, which may be written 3.0; 0 when missing.</summary>
    public uint PositiveInteger(uint max)
    {
        if (!Exists) return 0;
        if (Json.ValueKind != JsonValueKind.Number || !Json.TryGetDecimal(out var value)
            || value <= 0 || decimal.Truncate(value) != value)
        {
            Fail($"{Shown()} is not a positive integer");
            return 0;
        }

        if (value <= max) return (uint)value;
        Fail(string.Create(CultureInfo.InvariantCulture, $"{Shown()} is more than {max}"));
        return 0;
    }

    /// <summary>A date, dateTime or instant precise to the day; null when missing or wrong.</summary>
    public FhirTime? Time(TimeZoneInfo zone)
    {
        var text = Text();
        if (text.Length == 0) return null;
        var time = FhirTimeText.Read(text, zone);
        if (time is null) Fail($"{JsonPath.Quote(text)} is not a date, or a time with its offset, in 1970 to 2199");
        return time;
    }

    private string Shown() => Json.ValueKind is JsonValueKind.Number or JsonValueKind.String
        ? JsonPath.Quote(Json.GetRawText())
        : Json.ValueKind.ToString();

    private FhirNode[] None(string message)
    {
        Fail(message);
        return [];
    }
}
