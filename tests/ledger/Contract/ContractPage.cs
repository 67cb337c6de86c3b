using RxChain.Ledger.Tests.Format;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>docs/CONTRACT.md: its tables and its headings.</summary>
internal static class ContractPage
{
    private static readonly string File = Path.Combine(VectorFile.RepositoryRoot, "docs", "CONTRACT.md");

    public static string Text => System.IO.File.ReadAllText(File);

    /// <summary>The cells of each row of a table that stands between its markers; the names of the columns come first.</summary>
    public static string[][] Table(string name) =>
        [.. Body(name).Split('\n').Where(line => line.StartsWith('|') && !line.StartsWith("|--")).Select(CellsOf)];

    /// <summary>Writes a table anew.</summary>
    public static void Write(string name, IReadOnlyList<string[]> rows)
    {
        IEnumerable<string> lines = rows.Skip(1).Select(Line)
            .Prepend($"|{string.Join('|', rows[0].Select(_ => "--"))}|\n").Prepend(Line(rows[0]));
        string begin = $"<!-- table {name} -->\n";
        System.IO.File.WriteAllText(File, Text.Replace(begin + Body(name), $"{begin}\n{string.Concat(lines)}\n"));
    }

    /// <summary>First cells of all tables under a heading of level 2, up to the next.</summary>
    public static IEnumerable<string> FirstCells(string heading) => Section(heading).Split('\n')
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => CellsOf(line)[0]);

    /// <summary>Text under a heading of level 2.</summary>
    public static string Section(string heading)
    {
        string[] parts = Text.Split($"\n## {heading}\n");
        Assert.True(parts.Length == 2, $"docs/CONTRACT.md has {parts.Length - 1} headings '{heading}'.");
        return parts[1].Split("\n## ")[0];
    }

    /// <summary>An outcome as the page names it, for instance NOT_HOLDER.</summary>
    public static string NameOf(Outcome outcome) => EventsReflection.Descriptor.EnumTypes
        .Single(type => type.Name == nameof(Outcome)).FindValueByNumber((int)outcome).Name["OUTCOME_".Length..];

    private static string Line(string[] cells) => $"| {string.Join(" | ", cells)} |\n";

    private static string[] CellsOf(string line) => [.. line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries)];

    /// <summary>What stands between the markers of a table.</summary>
    private static string Body(string name)
    {
        string[] parts = Text.Split([$"<!-- table {name} -->\n", $"<!-- end {name} -->"], StringSplitOptions.None);
        Assert.True(parts.Length == 3, $"docs/CONTRACT.md has no table '{name}'.");
        return parts[1];
    }
}
