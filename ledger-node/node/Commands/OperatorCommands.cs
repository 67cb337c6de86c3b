using System.CommandLine;
using RxChain.Node.Hosting;
using RxChain.Protocol.V1;
using RxChain.Storage;

namespace RxChain.Node.Commands;

/// <summary>Commands for operators: <c>status</c>, <c>backup</c>, <c>restore</c>.</summary>
internal static class OperatorCommands
{
    public static Command Status()
    {
        var command = new Command("status", "Show where a running node stands. Its alarms, certificates and peers are shown to the roles admin and auditor.");
        var node = new NodeConnection().AddTo(command);
        command.SetAction((result, cancellation) => Guarded.RunAsync(async () =>
        {
            using var channel = node.Open(result);
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
        var command = new Command("backup", "Copy a member's log up to its last durable block, and all else its node starts with, also while the node runs. Never copies keys.") { data, target };
        command.SetAction(result => Guarded.Run(() =>
        {
            string from = result.GetRequiredValue(data), to = result.GetRequiredValue(target);
            long leaves = MemberBackup.Make(from, to);
            Console.WriteLine($"{leaves} leaves copied to {to}. Keys are not in it: keep copies of {DataDirectory.KeysIn(from)} in a safe place of their own.");
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
            long leaves = MemberBackup.Restore(from, to);
            Console.WriteLine($"{leaves} leaves restored to {to}");
            Console.WriteLine(WhatComesNext(DataDirectory.KeysIn(to)));
        }));
        return command;
    }

    private static string WhatComesNext(string keys) => $"""
        Next:
        1. Put the member's organisation.key, node.key and log.key into {keys}, mode 0600, from your own copies.
        2. Start the node. Without cosigner.key it verifies and serves, and neither orders nor cosigns.
        3. Several validators: let them give this one a new cosigner key by vote. Only one: put its cosigner.key back if nothing
           was cosigned after the backup. Else never: one key on two histories is proof of a lie.
        """;
}
