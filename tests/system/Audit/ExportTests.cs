using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.SystemTests.Audit;

public sealed class ExportTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly SortedDictionary<string, byte[]> _files = SampleLedger.Files(SampleLedger.Ledger);

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Export_WritesTheSameFiles()
    {
        Assert.Equal(0, Export(Tiles(_files)));
        Assert.Equal(_files, Read(_temporary["out"]));
    }

    [Fact]
    public void Export_OverAnOlderOneOfTheSameLog_ExtendsIt()
    {
        var older = SampleLedger.Ledger.Seals.First(s => s.LeafIndex > 100);
        var oldFiles = SampleLedger.Files(SampleLedger.Ledger.Leaves[..((int)older.LeafIndex + 1)], VerifyTests.CheckpointAt(older));
        SampleLedger.Write(_temporary["out"], oldFiles);
        Assert.Equal(0, Export(Tiles(_files)));
        // Partial tiles of the older size may stay.
        foreach (var (name, bytes) in _files)
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(_temporary["out"], name)));
    }

    [Fact]
    public void Export_OverADifferentLog_ChangesNothing()
    {
        var other = TestLedger.WithPeople();
        other.Block(other.Story.Issue("another"));
        var otherFiles = SampleLedger.Files(other);
        SampleLedger.Write(_temporary["out"], otherFiles);
        Assert.Equal(1, Export(Tiles(_files)));
        Assert.Equal(otherFiles, Read(_temporary["out"]));
    }

    [Fact]
    public void Export_OverSomethingElse_IsWrongUsage()
    {
        Directory.CreateDirectory(_temporary["out"]);
        File.WriteAllText(Path.Combine(_temporary["out"], "thesis.txt"), "three years of work");
        Assert.Equal(2, Export(Tiles(_files)));
        Assert.Equal(["thesis.txt"], Directory.GetFileSystemEntries(_temporary["out"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Export_OfATamperedLog_LeavesNothingBehind()
    {
        _files["tile/0/000"][^1] ^= 1;
        Assert.Equal(1, Export(Tiles(_files)));
        Assert.Equal(["source"], Directory.GetFileSystemEntries(_temporary.Path).Select(Path.GetFileName));
    }

    private int Export(string source) => AuditProcess.Run("export", source, "--out", _temporary["out"]).ExitCode;

    private string Tiles(SortedDictionary<string, byte[]> files) => SampleLedger.Write(_temporary["source"], files);

    private static SortedDictionary<string, byte[]> Read(string directory) => new(
        Directory.GetFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(directory, f), File.ReadAllBytes),
        StringComparer.Ordinal);
}
