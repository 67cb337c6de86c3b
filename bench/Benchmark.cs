using System.Diagnostics;
using RxChain.Bench.Points;
using RxChain.Bench.Raw;

namespace RxChain.Bench;

/// <summary>Everything, in one run: raw speed, a point for each ledger size, raw speed again.</summary>
internal sealed class Benchmark(BenchOptions options)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        Progress("raw speed");
        var before = RawSpeed.Measure(options.Root, options.RawSeconds);
        var points = new List<PointFigures>();
        foreach (int size in options.Sizes)
        {
            cancellation.ThrowIfCancellationRequested();
            Progress($"a ledger of {size:N0} events");
            points.Add(await new PointRun(options, size, withReview: true).RunAsync());
        }
        Progress("without Review");
        var withoutReview = await new PointRun(options, options.Sizes[0], withReview: false).RunAsync();
        Progress("raw speed again");
        var after = RawSpeed.Measure(options.Root, options.RawSeconds);
        new Report(before, after, points, withoutReview, ApplySpeed.Measure()).Write(Console.Out);
        Console.WriteLine($"\nTook {clock.Elapsed.TotalMinutes:F1} minutes; {options.PointSeconds} s a point, {options.WarmUpEvents:N0} events of warm-up.");
    }

    private static void Progress(string what) => Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {what}");
}
