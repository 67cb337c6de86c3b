using System.Text.Json;

namespace RxChain.Bench.Processes;

/// <summary>What a full audit by the real <c>rxaudit</c> took.</summary>
/// <param name="Events">Events that it replayed.</param>
/// <param name="Signatures">Signatures that it verified, tokens included.</param>
/// <param name="Tokens">Token signatures among them: one key import each.</param>
/// <param name="Seconds">Time, start of the process included.</param>
/// <param name="CpuSeconds">CPU used, but for the last instant.</param>
/// <param name="PeakMegabytes">Peak resident memory.</param>
internal sealed record AuditorFigures(
    long Events, long Signatures, long Tokens, double Seconds, double CpuSeconds, double PeakMegabytes)
{
    private const int PollMs = 20;

    public double EventsPerSecond => Events / Seconds;

    public double SignaturesPerSecond => Signatures / Seconds;

    /// <exception cref="InvalidOperationException">The ledger did not verify.</exception>
    public static async Task<AuditorFigures> MeasureAsync(string data, string policy)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var process = ChildProcess.Start(ChildProcess.AuditorProgram, ["verify", data, "--policy", policy, "--json"]);
        var output = process.StandardOutput.ReadToEndAsync();
        var exit = process.WaitForExitAsync();
        double peak = 0, cpu = 0;
        while (!exit.IsCompleted)
        {
            peak = Math.Max(peak, ProcessFigures.PeakMegabytes(process.Id));
            cpu = Math.Max(cpu, ProcessFigures.CpuSeconds(process.Id));
            await Task.WhenAny(exit, Task.Delay(PollMs));
        }
        double seconds = clock.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
            throw ChildProcess.Failed("rxaudit", process.ExitCode, await output);
        using var report = JsonDocument.Parse(await output);
        var figures = report.RootElement.GetProperty("checked");
        long tokens = figures.GetProperty("tokenSignatures").GetInt64();
        return new AuditorFigures(
            figures.GetProperty("events").GetInt64(), figures.GetProperty("signatures").GetInt64() + tokens, tokens, seconds, cpu, peak);
    }
}
