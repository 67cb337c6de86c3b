using System.Diagnostics;

namespace RxChain.SystemTests.Audit;

/// <summary>What rxaudit exports, the second verifier (tests/independent) accepts; both refuse it once it was tampered with.</summary>
public sealed class SecondVerifierTests : IDisposable
{
    private static readonly string Script = Path.GetFullPath(
        Path.Combine(AuditProcess.Program, "..", "..", "..", "..", "..", "tests", "independent", "verify.mjs"));

    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Export_VerifiedByBoth_AndRefusedByBothWhenTamperedWith()
    {
        string source = SampleLedger.Write(_temporary["source"], SampleLedger.Files(SampleLedger.Ledger));
        Assert.Equal(0, AuditProcess.Run("export", source, "--out", _temporary["out"]).ExitCode);
        Assert.Equal((0, 0), BothVerdicts());
        string bundle = Path.Combine(_temporary["out"], "tile", "entries", "000");
        byte[] bytes = File.ReadAllBytes(bundle);
        bytes[^1] ^= 1;
        File.WriteAllBytes(bundle, bytes);
        Assert.Equal((1, 1), BothVerdicts());
    }

    private (int RxAudit, int Second) BothVerdicts()
    {
        string policy = _temporary.WritePolicy();
        using var second = Process.Start("node", [Script, "tiles", _temporary["out"], "--policy", policy]);
        second.WaitForExit();
        return (AuditProcess.Run("verify", _temporary["out"], "--policy", policy).ExitCode, second.ExitCode);
    }
}
