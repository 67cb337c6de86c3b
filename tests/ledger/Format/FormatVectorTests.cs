namespace RxChain.Ledger.Tests.Format;

/// <summary>docs/FORMAT.md, docs/vectors/format.json and the code say the same.</summary>
public sealed class FormatVectorTests
{
    private static readonly Dictionary<string, string> Made = FormatVectors.Make();

    public FormatVectorTests()
    {
        if (VectorFile.Rewrite)
            VectorFile.Write(Made);
    }

    [Fact]
    public void VectorFile_MadeAgain_IsTheSame()
    {
        var recorded = VectorFile.Read();
        Assert.Equal(Made.Keys, recorded.Keys);
        foreach (var (name, value) in Made)
            Assert.True(recorded[name] == value, $"{name}: the code makes {value}");
    }

    [Fact]
    public void Page_EveryVectorBlock_IsWhatTheFileHas()
    {
        var blocks = VectorFile.PageBlocks();
        Assert.True(blocks.Count > 30, "the page has lost its vectors");
        foreach (var (name, text) in blocks)
            Assert.True(Made.TryGetValue(name, out string? value) && VectorFile.Show(value) == text, $"FORMAT.md: {name}");
    }

    [Fact]
    public void SecondVerifier_ItsSchema_IsThatOfThePage()
    {
        string script = File.ReadAllText(Path.Combine(VectorFile.RepositoryRoot, "tests", "independent", "schema.mjs"));
        Assert.Contains(Made["schema.events"], script, StringComparison.Ordinal);
        Assert.All(Made["schema.state"].Split('\n').Where(line => line.StartsWith("Policy ", StringComparison.Ordinal) || line.StartsWith("ActCustody ", StringComparison.Ordinal)),
            line => Assert.Contains(line, script, StringComparison.Ordinal));
        Assert.All(Made["schema.outcomes"].Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
        {
            string number = line.Trim().Split(' ')[0];
            Assert.True(number.Length < 3 || script.Contains($" {number},", StringComparison.Ordinal), line);
        });
    }
}
