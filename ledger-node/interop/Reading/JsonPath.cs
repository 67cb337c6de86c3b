using System.Globalization;
using System.Text.RegularExpressions;

namespace RxChain.Interop.Reading;

/// <summary>A place in a JSON document, spelt out only when there is something to say about it.</summary>
internal sealed partial record JsonPath(JsonPath? Parent, string Step)
{
    private const int MaxQuoted = 60;

    public static JsonPath Root { get; } = new(null, "$");

    public JsonPath Member(string name) => new(this, "." + name);

    public JsonPath Item(int index) => new(this, ItemStep(index));

    public override string ToString() => Parent + Step;

    public static string ItemStep(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    /// <summary>Makes hostile text fit for a log line: printable ASCII, and short.</summary>
    public static string Quote(string text) =>
        Unprintable().Replace(text.Length > MaxQuoted ? text[..MaxQuoted] + "..." : text, "?");

    [GeneratedRegex("[^\\x20-\\x7e]")]
    private static partial Regex Unprintable();
}
