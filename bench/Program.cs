using System.CommandLine;
using RxChain.Bench;
using RxChain.Bench.Client;

return await new RootCommand("RxChain benchmark: a real node, a real auditor and a separate client on this machine.")
{
    ClientCommand.Create(),
}.WithBenchmark().Parse(args).InvokeAsync();
