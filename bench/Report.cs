using RxChain.Bench.Points;
using RxChain.Bench.Processes;
using RxChain.Bench.Raw;

namespace RxChain.Bench;

/// <summary>Prints the table; bench/README.md says what each line means.</summary>
internal sealed class Report(
    RawSpeed before, RawSpeed after, IReadOnlyList<PointFigures> points, PointFigures withoutReview, ApplySpeed apply)
{
    private readonly RawSpeed _raw = RawSpeed.Mean(before, after);
    private readonly PointFigures[] _columns = [.. points, withoutReview];

    public void Write(TextWriter output)
    {
        output.WriteLine($"Raw, {Environment.ProcessorCount} cores              before      after");
        output.WriteLine($"  P-256 verifications/s  {before.Verifications.PerSecond,9:N0}  {after.Verifications.PerSecond,9:N0}   {_raw.Verifications.CpuMicroseconds:F1} us of CPU each");
        output.WriteLine($"    by .NET's ECDsa      {before.Platform.PerSecond,9:N0}  {after.Platform.PerSecond,9:N0}   {_raw.Platform.CpuMicroseconds:F1} us of CPU each");
        output.WriteLine($"  P-256 key imports/s    {before.Imports.PerSecond,9:N0}  {after.Imports.PerSecond,9:N0}   {_raw.Imports.CpuMicroseconds:F1} us of CPU each");
        output.WriteLine($"  appends with fsync/s   {before.Flushes,9:N0}  {after.Flushes,9:N0}");
        output.WriteLine();
        foreach (var (name, value) in Lines())
            output.WriteLine($"{name,-42}{string.Concat(_columns.Select(c => $"{value(c),14}"))}");
        output.WriteLine();
        if (points.Count > 1)
        {
            output.WriteLine($"Change from {points[0].SizeBefore:N0} to {points[^1].SizeBefore:N0} events: submit "
                + $"{Change(p => p.EventsPerSecond)}, audit {Change(p => p.Audit.EventsPerSecond)}");
        }
        output.WriteLine(apply);
    }

    private IEnumerable<(string Name, Func<PointFigures, string> Value)> Lines() =>
    [
        ("Ledger when the point began, events", p => $"{p.SizeBefore:N0}"),
        ("  mix", p => p.Acts == 4 ? "with Review" : "no Review"),
        ("  ledger in the end, events", p => $"{p.SizeAfter:N0}"),
        ("Submit, events/s, median of 1 s", p => $"{p.EventsPerSecond:N0}"),
        ("  signatures/s", p => $"{p.SignaturesPerSecond:N0}"),
        ("  key imports/s", p => $"{p.ImportsPerSecond:N0}"),
        ("  signatures / raw verifications", p => $"{p.SignaturesPerSecond / _raw.Verifications.PerSecond:P0}"),
        ("    of those by .NET's ECDsa", p => $"{p.SignaturesPerSecond / _raw.Platform.PerSecond:P0}"),
        ("  the same with key imports", p => $"{Share(p.SignaturesPerSecond, p.ImportsPerSecond):P0}"),
        ("  node CPU, us an event", p => $"{p.NodeCpuMicroseconds:N0}"),
        ("    P-256 at its raw cost", p => $"{P256Microseconds(p):N0}"),
        ("    P-256 as a share of the node's CPU", p => $"{P256Microseconds(p) / p.NodeCpuMicroseconds:P0}"),
        ("  client CPU, us an event", p => $"{p.ClientCpuMicroseconds:N0}"),
        ("Latency ORDERED, ms, p50", p => $"{p.Ordered.LatencyMs(0.5):F2}"),
        ("  p99", p => $"{p.Ordered.LatencyMs(0.99):F2}"),
        ("Latency FINAL, ms, p50", p => $"{p.Final.LatencyMs(0.5):F2}"),
        ("  p99", p => $"{p.Final.LatencyMs(0.99):F2}"),
        ("Audit, events/s", p => $"{p.Audit.EventsPerSecond:N0}"),
        ("  signatures verified", p => $"{p.Audit.Signatures:N0}"),
        ("  key imports", p => $"{p.Audit.Tokens + Workload.Cast.RegisteredKeys:N0}"),
        ("  signatures / raw verifications", p => $"{p.Audit.SignaturesPerSecond / _raw.Verifications.PerSecond:P0}"),
        ("    of those by .NET's ECDsa", p => $"{p.Audit.SignaturesPerSecond / _raw.Platform.PerSecond:P0}"),
        ("  the same with key imports", p => $"{Share(p.Audit.SignaturesPerSecond, p.Audit.Tokens / p.Audit.Seconds):P0}"),
        ("  auditor CPU, us an event", p => $"{AuditorMicroseconds(p):N0}"),
        ("    P-256 as a share of it", p => $"{P256Microseconds(p) / AuditorMicroseconds(p):P0}"),
        ("Disk, bytes an event", p => Each(p, d => d.Total)),
        ("  log", p => Each(p, d => d.Log)),
        ("  tiles and index", p => Each(p, d => d.Tiles)),
        ("  state", p => Each(p, d => d.State)),
        ("  lookup", p => Each(p, d => d.Lookup)),
        ("Peak memory, node, MB", p => $"{p.NodePeakMegabytes:N0}"),
        ("  auditor, MB", p => $"{p.Audit.PeakMegabytes:N0}"),
    ];

    private double Share(double signatures, double imports) => signatures / _raw.Verifications.PerSecond + imports / _raw.Imports.PerSecond;

    private double P256Microseconds(PointFigures p) =>
        Workload.Lifecycle.SignaturesPerEvent * _raw.Verifications.CpuMicroseconds + _raw.Imports.CpuMicroseconds / p.Acts;

    private static double AuditorMicroseconds(PointFigures p) => p.Audit.CpuSeconds / p.Audit.Events * 1e6;

    private static string Each(PointFigures p, Func<DiskUse, long> part) => $"{(double)part(p.Disk) / p.SizeAfter:N0}";

    private string Change(Func<PointFigures, double> figure) => $"{figure(points[^1]) / figure(points[0]) - 1:+0.0%;-0.0%}";
}
