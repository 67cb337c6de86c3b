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
        output.WriteLine($"raw P-256: {one.PerSecond:N0}/s on one thread, {all.PerSecond:N0}/s on {Environment.ProcessorCount}, {all.Microseconds:N1} us of processor time each");
        var (report, peakBytes, processorSeconds) = Audit(tiles, temporary.WritePolicy());
        var done = report.GetProperty("checked");
        double seconds = report.GetProperty("seconds").GetDouble();
        double verifications = done.GetProperty("signatures").GetInt64() + done.GetProperty("tokenSignatures").GetInt64();
        output.WriteLine($"{done.GetProperty("events").GetInt64() / seconds:N0} events/s, {verifications / seconds:N0} verifications/s, {seconds:N1} s, {processorSeconds:N1} s of processor time, peak {peakBytes >> 20} MB");
        output.WriteLine($"ratio to raw by the clock: {verifications / seconds / all.PerSecond:N2}");
        output.WriteLine($"ratio to raw by processor time: {verifications * all.Microseconds / 1e6 / processorSeconds:N2}");
        Assert.Equal("verified", report.GetProperty("result").GetString());
        Assert.True(peakBytes < 300 << 20, $"peak {peakBytes >> 20} MB");
    }

    private static (System.Text.Json.JsonElement Report, long PeakBytes, double ProcessorSeconds) Audit(string tiles, string policy)
    {
        var start = new ProcessStartInfo("dotnet", [AuditProcess.Program, "verify", tiles, "--policy", policy, "--json"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        long peak = 0;
        var processor = TimeSpan.Zero;
        while (!process.WaitForExit(100))
        {
            process.Refresh();
            if (!process.HasExited)
                (peak, processor) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
        }
        return (System.Text.Json.JsonDocument.Parse(process.StandardOutput.ReadToEnd()).RootElement, peak, processor.TotalSeconds);
    }

    private static (double PerSecond, double Microseconds) RawSpeed(int threads)
    {
        const int PerThread = 20_000;
        using var key = P256PrivateKey.Generate();
        var digest = Hash32.Sha256("speed"u8);
        byte[] signature = key.SignDigest(digest);
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (int i = 0; i < PerThread; i++)
                Assert.True(key.PublicKey.VerifyDigest(digest, signature));
        });
        double verifications = threads * PerThread;
        return (verifications / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / verifications);
    }
}
