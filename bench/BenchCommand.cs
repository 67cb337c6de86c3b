using System.CommandLine;
using RxChain.Bench.Network;
using RxChain.Bench.Raw;

namespace RxChain.Bench;

/// <summary>The benchmark's command line.</summary>
internal static class BenchCommand
{
    public static RootCommand WithBenchmark(this RootCommand root)
    {
        var quick = new Option<bool>("--quick") { Description = "Small ledgers and short points: shows that everything works, for instance in CI." };
        var apply = new Option<bool>("--apply") { Description = "Only the contract's cost per event, in memory, beside SHA-256 of 1 kB." };
        var network = new Option<bool>("--network") { Description = "Four validators over three etcd members beside one alone; needs etcd." };
        var sizes = new Option<int[]>("--sizes") { Description = "Ledger sizes in events.", AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<int?>("--seconds") { Description = "Length of a point." };
        var data = new Option<string?>("--data") { Description = "Where ledgers are built; default: the temporary directory. The disk matters." };
        foreach (Option option in new Option[] { quick, apply, network, sizes, seconds, data })
            root.Add(option);
        root.SetAction(async (result, cancellation) =>
        {
            if (result.GetValue(apply))
            {
                Console.WriteLine(ApplySpeed.Measure());
                return 0;
            }
            string directory = Directory.CreateDirectory(
                Path.Combine(result.GetValue(data) ?? Path.GetTempPath(), $"rxchain-bench-{Environment.ProcessId}")).FullName;
            var options = result.GetValue(quick) ? BenchOptions.Quick(directory) : BenchOptions.Full(directory);
            if (result.GetValue(sizes) is { Length: > 0 } chosen)
                options = options with { Sizes = chosen };
            options = options with { PointSeconds = result.GetValue(seconds) ?? options.PointSeconds };
            try
            {
                if (result.GetValue(network))
                    await new NetworkBench(directory, TimeSpan.FromSeconds(options.PointSeconds)).RunAsync();
                else
                    await new Benchmark(options).RunAsync(cancellation);
                return 0;
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        });
        return root;
    }
}
