using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RxChain.Ledger.Tests.Format;

/// <summary>docs/vectors/format.json, one value for each name, and the blocks of docs/FORMAT.md that repeat some of them.</summary>
internal static partial class VectorFile
{
    private const int HexDigitsPerLine = 64;
    private static readonly JsonSerializerOptions Layout =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string RepositoryRoot { get; } = FindRoot();

    private static readonly string Vectors = Path.Combine(RepositoryRoot, "docs", "vectors", "format.json");
    private static readonly string Page = Path.Combine(RepositoryRoot, "docs", "FORMAT.md");

    public static bool Rewrite { get; } = Environment.GetEnvironmentVariable("RXCHAIN_UPDATE_VECTORS") == "1";

    public static Dictionary<string, string> Read() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Vectors, Encoding.UTF8))!;

    public static void Write(IReadOnlyDictionary<string, string> vectors)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Vectors)!);
        File.WriteAllText(Vectors, JsonSerializer.Serialize(vectors, Layout) + "\n");
        string page = Block().Replace(File.ReadAllText(Page), m => Fenced(m.Groups[1].Value, Show(vectors[m.Groups[1].Value])));
        File.WriteAllText(Page, page);
    }

    /// <summary>Name and text of each block of the page.</summary>
    public static IReadOnlyList<(string Name, string Text)> PageBlocks() =>
        [.. Block().Matches(File.ReadAllText(Page)).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    /// <summary>A value as the page has it: hexadecimal in short lines, text as it is.</summary>
    public static string Show(string value) => Hex().IsMatch(value)
        ? string.Concat(value.Chunk(HexDigitsPerLine).Select(line => new string(line) + "\n"))
        : value.EndsWith('\n') ? value : value + "\n";

    private static string Fenced(string name, string text) => $"```vector {name}\n{text}```";

    private static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "RxChain.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new DirectoryNotFoundException("RxChain.sln is in no parent directory.");
    }

    [GeneratedRegex("^```vector ([a-z0-9_.]+)\n((?:(?!```).*\n)*)```$", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^(?:[0-9a-f]{2})+$")]
    private static partial Regex Hex();
}
