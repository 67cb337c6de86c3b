using System.CommandLine;
using Grpc.Net.Client;
using RxChain.Node.Configuration;
using RxChain.Protocol.V1;
using RxChain.Storage;

namespace RxChain.Node.Commands;

/// <summary>Commands for operators: <c>status</c>, <c>backup</c>, <c>restore</c>.</summary>
internal static class OperatorCommands
{
    public static Command Status()
    {
        var address = new Option<string>("--address") { Description = "gRPC address of the node.", DefaultValueFactory = _ => "http://127.0.0.1:7600" };
        var command = new Command("status", "Show where a running node stands.") { address };
        command.SetAction((result, cancellation) => Guarded.RunAsync(async () =>
        {
            using var channel = GrpcChannel.ForAddress(CommonOptions.NodeAddress(result.GetRequiredValue(address)));
            var status = await new LedgerService.LedgerServiceClient(channel.CreateCallInvoker())
                .GetStatusAsync(new GetStatusRequest(), deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: cancellation);
            Console.WriteLine(status);
            return 0;
        }));
        return command;
    }

    public static Command Backup()
    {
        var data = CommonOptions.Data();
        var target = new Option<string>("--out") { Description = "A new or empty directory.", Required = true };
        var command = new Command("backup", "Copy a log up to its last durable block, also while the node runs. Never copies keys.") { data, target };
        command.SetAction(result => Guarded.Run(() =>
        {
            string from = result.GetRequiredValue(data), to = result.GetRequiredValue(target);
            long leaves = LogBackup.Copy(from, to);
            CopyRest(from, to);
            Console.WriteLine($"{leaves} leaves copied to {to}");
        }));
        return command;
    }

    public static Command Restore()
    {
        var data = CommonOptions.Data();
        var source = new Option<string>("--from") { Description = "A backup.", Required = true };
        var command = new Command("restore", "Put a backup into a new data directory. The cosigner key is not in a backup: a validator needs a new one by vote.") { data, source };
        command.SetAction(result => Guarded.Run(() =>
        {
            string from = result.GetRequiredValue(source), to = result.GetRequiredValue(data);
            using var directory = DataDirectory.Open(to);
            long leaves = LogBackup.Restore(from, directory);
            CopyRest(from, to);
            Console.WriteLine($"{leaves} leaves restored to {to}");
        }));
        return command;
    }

    private static void CopyRest(string from, string to)
    {
        foreach (string name in new[] { NodeConfig.FileName, "genesis.rx" })
        {
            if (File.Exists(Path.Combine(from, name)) && !File.Exists(Path.Combine(to, name)))
                File.Copy(Path.Combine(from, name), Path.Combine(to, name));
        }
        const string RequestIds = "requests.db";
        if (File.Exists(Path.Combine(from, RequestIds)) && !File.Exists(Path.Combine(to, RequestIds)))
            SqliteRequestIds.Copy(Path.Combine(from, RequestIds), Path.Combine(to, RequestIds));
    }
}
