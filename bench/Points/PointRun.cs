using System.Globalization;
using RxChain.Bench.Client;
using RxChain.Bench.Processes;
using RxChain.Bench.Workload;

namespace RxChain.Bench.Points;

/// <summary>Builds a ledger of one size, measures on it, and audits it.</summary>
internal sealed class PointRun(BenchOptions options, int size, bool withReview)
{
    // Events are signed just before they are sent: the ledger takes no act older than 15 minutes.
    private const int ChunkEvents = 100_000;
    private const double Reserve = 1.3;

    private readonly string _directory = Path.Combine(options.Root, string.Create(CultureInfo.InvariantCulture, $"{size}-{withReview}"));

    private string Events => Path.Combine(_directory, "events");

    public async Task<PointFigures> RunAsync()
    {
        var network = await BenchNetwork.StartAsync(_directory, withReview);
        PointFigures figures;
        await using (network)
            figures = await MeasureAsync(network);
        // The node has stopped: what it was killed with is on disk, and both cores are the auditor's.
        figures = figures with
        {
            Disk = DiskUse.Of(network.Data),
            Audit = await AuditorFigures.MeasureAsync(network.Data, network.Policy),
        };
        Directory.Delete(_directory, recursive: true);
        return figures;
    }

    private async Task<PointFigures> MeasureAsync(BenchNetwork network)
    {
        double perSecond = await FillAsync(network);
        await RepeatAsync(network);
        int wanted = (int)(perSecond * options.PointSeconds * Reserve);
        EventStreams.Write(Events, network.Cast, wanted, withReview);
        double cpu = network.Node.CpuSeconds;
        var bulk = await BulkAsync(network, "--seconds", options.PointSeconds.ToString(CultureInfo.InvariantCulture));
        cpu = network.Node.CpuSeconds - cpu;
        var ordered = await SingleAsync(network);
        var final = await SingleAsync(network, "--final");
        return new PointFigures
        {
            SizeBefore = size,
            SizeAfter = size + bulk.Accepted + ordered.Accepted + final.Accepted,
            Acts = Lifecycle.Events(withReview),
            Bulk = bulk,
            NodeCpuSeconds = cpu,
            Ordered = ordered,
            Final = final,
            NodePeakMegabytes = network.Node.PeakMegabytes,
            Disk = new DiskUse(0, 0, 0, 0),
            Audit = new AuditorFigures(0, 0, 0, 0, 0, 0),
        };
    }

    // Returns the greatest speed seen, to know how many events a point needs.
    private async Task<double> FillAsync(BenchNetwork network)
    {
        double perSecond = 0;
        for (int filled = 0; filled < size;)
        {
            filled += EventStreams.Write(Events, network.Cast, Math.Min(ChunkEvents, size - filled), withReview);
            var report = await BulkAsync(network);
            perSecond = Math.Max(perSecond, report.PerSecond.Append((long)(report.Accepted / report.Seconds)).Max());
        }
        return perSecond;
    }

    // Small ledgers: the rest of the warm-up is events that are on the ledger already; they change nothing.
    private async Task RepeatAsync(BenchNetwork network)
    {
        for (int handled = size; handled < options.WarmUpEvents; handled += Math.Min(size, ChunkEvents))
            await BulkAsync(network);
    }

    private async Task<ClientReport> BulkAsync(BenchNetwork network, params string[] more) =>
        Checked(await ChildProcess.RunClientAsync([ClientCommand.Bulk, network.Node.Address, Events, .. more]));

    private async Task<ClientReport> SingleAsync(BenchNetwork network, params string[] more)
    {
        string path = Events + ".single";
        EventStreams.WriteSequential(path, network.Cast, options.LatencySamples + SingleRun.WarmUp, withReview);
        return Checked(await ChildProcess.RunClientAsync([ClientCommand.Single, network.Node.Address, path, .. more]));
    }

    private static ClientReport Checked(ClientReport report) => report.Refused == 0
        ? report
        : throw new InvalidOperationException($"{report.Refused} events were refused, the first: {report.FirstRefusal}");
}
