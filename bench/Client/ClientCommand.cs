using System.CommandLine;
using Grpc.Net.Client;
using RxChain.Bench.Workload;
using RxChain.Protocol.V1;

namespace RxChain.Bench.Client;

/// <summary>The client process: submits events that were signed before. Hidden: the benchmark starts it.</summary>
internal static class ClientCommand
{
    public const string Bulk = "client-bulk";
    public const string Single = "client-single";

    public static Command Create()
    {
        var address = new Argument<string>("address");
        var file = new Argument<string>("file");
        var bulk = new Command(Bulk) { address, file };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => double.PositiveInfinity };
        bulk.Add(seconds);
        bulk.SetAction((result, cancellation) =>
            RunAsync(result.GetRequiredValue(address), node => new BulkRun(node, TimeSpanOf(result.GetValue(seconds)))
                .RunAsync([.. FilesOf(result.GetRequiredValue(file)).Select(EventFile.Read)], cancellation)));
        var single = new Command(Single) { address, file };
        var final = new Option<bool>("--final");
        single.Add(final);
        single.SetAction((result, cancellation) =>
            RunAsync(result.GetRequiredValue(address), node => new SingleRun(node, result.GetValue(final) ? Commitment.Final : Commitment.Ordered)
                .RunAsync(EventFile.Read(result.GetRequiredValue(file)), cancellation)));
        return new Command("client") { Hidden = true, Subcommands = { bulk, single } };
    }

    private static async Task<int> RunAsync(string address, Func<PrescriptionService.PrescriptionServiceClient, Task<ClientReport>> run)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var invoker = channel.CreateCallInvoker();
        await new LedgerService.LedgerServiceClient(invoker).GetStatusAsync(new GetStatusRequest());
        var report = await run(new PrescriptionService.PrescriptionServiceClient(invoker));
        Console.WriteLine(report.ToJson());
        return 0;
    }

    private static TimeSpan TimeSpanOf(double seconds) =>
        double.IsPositiveInfinity(seconds) ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);

    private static IEnumerable<string> FilesOf(string path) =>
        Enumerable.Range(0, EventStreams.Streams).Select(stream => EventStreams.FileOf(path, stream)).Where(File.Exists);
}
