using System.Text.Json;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.SystemTests.Audit;

/// <summary>The process as users meet it.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Verify_OfAnHonestDirectory_Exits0AndSaysWhatWasNotChecked()
    {
        var (exitCode, output, error) = AuditProcess.Run("verify", Tiles(), "--policy", _temporary.WritePolicy());
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("VERIFIED", output, StringComparison.Ordinal);
        Assert.Contains("not checked", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_Json_HasTheDocumentedShape()
    {
        var report = AuditProcess.RunJson("verify", Tiles(), "--policy", _temporary.WritePolicy());
        Assert.Equal("verify verified", $"{report.GetProperty("command")} {report.GetProperty("result")}");
        Assert.Equal(FixedNetwork.Origin, report.GetProperty("log").GetProperty("origin").GetString());
        Assert.Equal(3, report.GetProperty("log").GetProperty("cosignedBy").GetArrayLength());
        Assert.Equal(SampleLedger.Small.Leaves.Count, report.GetProperty("checked").GetProperty("leaves").GetInt64());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("finding").ValueKind);
        Assert.NotEqual(0, report.GetProperty("notChecked").GetArrayLength());
    }

    [Fact]
    public void Verify_OfATamperedDirectory_Exits1AndNamesTheSpot()
    {
        string tiles = Tiles(), bundle = Directory.GetFiles(Path.Combine(tiles, "tile", "entries"), "*", SearchOption.AllDirectories).Single();
        byte[] bytes = File.ReadAllBytes(bundle);
        bytes[^1] ^= 1;
        File.WriteAllBytes(bundle, bytes);
        string policy = _temporary.WritePolicy();
        var finding = AuditProcess.RunJson("verify", tiles, "--policy", policy).GetProperty("finding");
        Assert.Equal(SampleLedger.Small.Leaves.Count - 1, finding.GetProperty("leaf").GetInt64());
        Assert.Equal(bundle, finding.GetProperty("file").GetString());
        var (exitCode, output, error) = AuditProcess.Run("verify", tiles, "--policy", policy);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("TAMPERED", output, StringComparison.Ordinal);
        Assert.StartsWith("rxaudit: tampered: leaf-hash", error, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongUsage_Exits2WithoutOutput()
    {
        string policy = _temporary.WritePolicy();
        string[][] wrong =
        [
            [], ["verify"], ["verify", Tiles()], ["verify", Tiles(), "--policy", _temporary["none"]], ["frobnicate"],
            ["verify", Tiles(), "--policy", policy, "--since-checkpoint"], ["verify", Tiles(), "--policy", policy, "--checkpoint", policy],
            ["trace", Tiles(), "not-an-id"], ["verify", "https://example.org/log", "--policy", policy],
        ];
        foreach (string[] arguments in wrong)
        {
            var (exitCode, output, error) = AuditProcess.Run(arguments);
            Assert.Equal((2, ""), (exitCode, output));
            Assert.NotEqual("", error);
        }
    }

    [Fact]
    public void PolicyNotMet_Exits3()
    {
        var ledger = SampleLedger.Small;
        string tiles = SampleLedger.Write(_temporary["few"], SampleLedger.Files(ledger.Leaves, ledger.Checkpoint(FixedNetwork.Validators[..2])));
        Assert.Equal("policy-not-met", AuditProcess.RunJson("verify", tiles, "--policy", _temporary.WritePolicy()).GetProperty("result").GetString());
    }

    [Fact]
    public void MissingOrUnreachableData_Exits4()
    {
        string policy = _temporary.WritePolicy();
        foreach (string source in new[] { _temporary["nothing"], _temporary.Path, "http://127.0.0.1:9" })
            Assert.Equal("cannot-evaluate", AuditProcess.RunJson("verify", source, "--policy", policy).GetProperty("result").GetString());
    }

    [Fact]
    public void UnknownContractVersion_Exits4()
    {
        var leaves = SampleLedger.Small.Leaves.ToList();
        byte[] genesis = [.. leaves[0]];
        genesis[5] = 9;
        leaves[0] = genesis;
        string tiles = SampleLedger.Write(_temporary["future"], new Forgery(leaves).Files());
        var report = AuditProcess.RunJson("verify", tiles, "--policy", _temporary.WritePolicy());
        Assert.Equal((4, "contract"), (report.GetProperty("exitCode").GetInt32(), report.GetProperty("finding").GetProperty("check").GetString()));
    }

    [Fact]
    public void Checkpoint_TrustedBefore_MustBeExtended()
    {
        var older = SampleLedger.Ledger.Seals.First(s => s.LeafIndex > 100);
        File.WriteAllBytes(_temporary["trusted"], VerifyTests.CheckpointAt(older).ToBytes());
        string tiles = SampleLedger.Write(_temporary["full"], SampleLedger.Files(SampleLedger.Ledger)), policy = _temporary.WritePolicy();
        Assert.Equal(0, AuditProcess.Run("verify", tiles, "--policy", policy, "--checkpoint", _temporary["trusted"], "--hashes-only").ExitCode);
        // A shorter log under an older, genuine checkpoint: nothing in it is wrong, but its tail was dropped.
        Assert.Equal(1, AuditProcess.Run("verify", Tiles(), "--policy", policy, "--checkpoint", _temporary["trusted"]).ExitCode);
    }

    [Fact]
    public void OutputFolder_HasNoPartOfANode()
    {
        var assemblies = Directory.GetFiles(Path.GetDirectoryName(AuditProcess.Program)!, "*.dll").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(["RxChain.Ledger", "RxChain.Prescriptions"], assemblies.Where(a => a!.StartsWith("RxChain.", StringComparison.Ordinal)).Order());
    }

    private string Tiles() => SampleLedger.Write(_temporary["tiles"], SampleLedger.Files(SampleLedger.Small));
}
