using System.CommandLine;
using RxChain.Node.Configuration;
using RxChain.Node.Hosting;

namespace RxChain.Node.Commands;

/// <summary><c>run</c>: one member's node.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var plaintext = CommonOptions.Plaintext();
        var command = new Command("run", "Run the node of a data directory until it is told to stop (SIGTERM, Ctrl-C).") { data, plaintext };
        command.SetAction((result, cancellation) => Guarded.RunAsync(() => RunAsync(result.GetRequiredValue(data), result.GetValue(plaintext), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(string data, bool plaintext, CancellationToken cancellation)
    {
        // The command line learns of this run before anything that takes long: else a SIGTERM during the start, though
        // obeyed in order, ends with exit code 143.
        await Task.Yield();
        var config = NodeConfig.Read(data, plaintext);
        var genesis = GenesisFile.Read(Path.Combine(data, config.Genesis));
        await using var host = await NodeHost.StartAsync(config, genesis);
        var (node, server) = (host.Node, host.Server);
        var status = node.Node.Status;
        Console.WriteLine($"{config.Member}: height {status.Height}, {status.Size} leaves, gRPC {server.GrpcAddress}, tiles {server.TileAddress}");
        foreach (string notice in node.Notices.Concat(status.Alarms).Concat(host.Tls?.Alarms ?? []))
            Console.WriteLine($"notice: {notice}");
        await using var progress = CopyProgress.Print(node.Node);
        return await WaitAsync(node, cancellation);
    }

    private static async Task<int> WaitAsync(OpenedNode node, CancellationToken cancellation)
    {
        try
        {
            await node.WaitForEndAsync().WaitAsync(cancellation);
            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.WriteLine("stopping");
            return 0;
        }
        catch (Exception e)
        {
            // The node stopped itself: it must not go on over a disk or a log that it cannot trust.
            await Console.Error.WriteLineAsync($"rxnode: stopped: {e.Message}");
            return 1;
        }
    }
}
