using System.CommandLine;
using RxChain.Ledger.Evidence;
using RxChain.Protocol.V1;

namespace RxChain.Node.Commands;

/// <summary><c>evidence</c>: the equivocation proofs that a running node keeps, as files to hand on.</summary>
internal static class EvidenceCommand
{
    public static Command Create()
    {
        var target = new Option<string>("--out") { Description = "Directory for VALIDATOR-N.equivocation. What it holds already stays as it is.", Required = true };
        var command = new Command("evidence", "Write the proofs against validators that a running node keeps, each to a file. For the roles admin and auditor.") { target };
        var node = new NodeConnection().AddTo(command);
        command.SetAction((result, cancellation) => Guarded.RunAsync(async () =>
        {
            using var channel = node.Open(result);
            await FetchAsync(new LedgerService.LedgerServiceClient(channel.CreateCallInvoker()), result.GetRequiredValue(target), cancellation);
            return 0;
        }));
        return command;
    }

    private static async Task FetchAsync(LedgerService.LedgerServiceClient ledger, string directory, CancellationToken cancellation)
    {
        string network = (await ledger.GetStatusAsync(new GetStatusRequest(), deadline: Soon(), cancellationToken: cancellation)).Network;
        Directory.CreateDirectory(directory);
        uint had = 0;
        int written = 0;
        while (await ledger.ListEquivocationsAsync(new ListEquivocationsRequest { Skip = had }, deadline: Soon(), cancellationToken: cancellation)
            is { Proofs: { Count: > 0 } proofs })
        {
            foreach (var bytes in proofs)
                written += Write(directory, bytes.ToByteArray(), network) ? 1 : 0;
            had += (uint)proofs.Count;
        }
        Console.WriteLine($"proofs that the node keeps: {had}, written now: {written}");
    }

    // Under the first number that is free, unless the very same file is there.
    private static bool Write(string directory, byte[] bytes, string network)
    {
        string what = "it does not follow the grammar";
        if (!EquivocationProof.TryParse(bytes, out var proof) || !proof.Holds(network, out what))
            throw new InvalidDataException($"the node gave an equivocation proof that does not hold: {what}.");
        string path;
        for (int number = 1; File.Exists(path = Path.Combine(directory, $"{proof.Validator}-{number}.equivocation")); number++)
        {
            if (File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
                return false;
        }
        NewFiles.Write(path, bytes);
        Console.WriteLine($"{path}: {what}");
        return true;
    }

    private static DateTime Soon() => DateTime.UtcNow.AddSeconds(30);
}
