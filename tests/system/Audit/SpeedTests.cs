using System.Diagnostics;
using System.Globalization;
using RxChain.Ledger;
using RxChain.Ledger.Keys;
using Xunit.Abstractions;

namespace RxChain.SystemTests.Audit;

/// <summary>A fact for a machine that has nothing else to do: runs when RXCHAIN_AUDIT_EVENTS says of how many events.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BigLedgerFactAttribute : FactAttribute
{
    public BigLedgerFactAttribute() => Skip = Events > 0 ? null : "set RXCHAIN_AUDIT_EVENTS";

    public static int Events => int.TryParse(Environment.GetEnvironmentVariable("RXCHAIN_AUDIT_EVENTS"), CultureInfo.InvariantCulture, out int events) ? events : 0;
}

public sealed class SpeedTests(ITestOutputHelper output)
{
    [BigLedgerFact]
    public void Verify_OfABigLedger_IsBoundBySignaturesAndInMemory()
    {
        using var temporary = new TemporaryDirectory();
        // A named directory is kept, to measure the same ledger again.
        string tiles = Environment.GetEnvironmentVariable("RXCHAIN_AUDIT_DIRECTORY") ?? temporary["big"];
        if (!Directory.Exists(tiles))
            BigLedger.Write(tiles, BigLedgerFactAttribute.Events);
        var (one, all) = (RawSpeed(1), RawSpeed(Environment.ProcessorCount));
        output.WriteLine($"raw P-256: {one:N0}/s on one thread, {all:N0}/s on {Environment.ProcessorCount}");
        var (report, peakBytes) = Audit(tiles, temporary.WritePolicy());
        var done = report.GetProperty("checked");
        double seconds = report.GetProperty("seconds").GetDouble();
        double verifications = done.GetProperty("signatures").GetInt64() + done.GetProperty("tokenSignatures").GetInt64();
        // A token's key serves once, and importing it costs about two verifications.
        double work = verifications + 2 * done.GetProperty("tokenSignatures").GetInt64();
        output.WriteLine($"{done.GetProperty("events").GetInt64() / seconds:N0} events/s, {verifications / seconds:N0} verifications/s, {seconds:N1} s, peak {peakBytes >> 20} MB");
        output.WriteLine($"ratio to raw: {verifications / seconds / all:N2}; counting key imports as two: {work / seconds / all:N2}");
        Assert.Equal("verified", report.GetProperty("result").GetString());
        Assert.True(peakBytes < 300 << 20, $"peak {peakBytes >> 20} MB");
    }

    private static (System.Text.Json.JsonElement Report, long PeakBytes) Audit(string tiles, string policy)
    {
        var start = new ProcessStartInfo("dotnet", [AuditProcess.Program, "verify", tiles, "--policy", policy, "--json"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        long peak = 0;
        while (!process.WaitForExit(100))
        {
            process.Refresh();
            peak = Math.Max(peak, process.HasExited ? 0 : process.PeakWorkingSet64);
        }
        return (System.Text.Json.JsonDocument.Parse(process.StandardOutput.ReadToEnd()).RootElement, peak);
    }

    private static double RawSpeed(int threads)
    {
        const int PerThread = 20_000;
        using var key = P256PrivateKey.Generate();
        var digest = Hash32.Sha256("speed"u8);
        byte[] signature = key.SignDigest(digest);
        var clock = Stopwatch.StartNew();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (int i = 0; i < PerThread; i++)
                Assert.True(key.PublicKey.VerifyDigest(digest, signature));
        });
        return threads * PerThread / clock.Elapsed.TotalSeconds;
    }
}
