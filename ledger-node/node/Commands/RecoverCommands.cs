using System.CommandLine;
using RxChain.Ledger.Leaves;
using RxChain.Node.Hosting;
using RxChain.Storage;

namespace RxChain.Node.Commands;

/// <summary>
/// <c>recover</c>: opens a new epoch when ordering was lost, forked or restored. Every node is stopped until it is there.
/// docs/OPERATIONS.md has the procedure.
/// </summary>
internal static class RecoverCommands
{
    public static Command Create() =>
        new("recover", "Open a new epoch after the ordering was lost, forked or restored; on stopped nodes.")
        {
            State(), Draft(), Sign(), Join(), Apply(), Resubmit(),
        };

    private static Command State()
    {
        var (data, output) = (CommonOptions.Data(), Output("The statement."));
        var command = new Command("state", "State the last head that this validator cosigned, and promise to cosign nothing before the new epoch.") { data, output };
        command.SetAction(result => Guarded.Run(() =>
        {
            string path = result.GetRequiredValue(output);
            NewFiles.RequireNone("Give another --out.", path);
            using var recovery = new EpochRecovery(result.GetRequiredValue(data));
            var statement = recovery.State();
            NewFiles.Write(path, statement.ToFile(recovery.Network, recovery.NextEpoch));
            Console.WriteLine($"{path}: {statement.Validator} cosigned size {statement.Size}, root {statement.Root}, at last; it cosigns nothing before epoch {recovery.NextEpoch}");
        }));
        return command;
    }

    private static Command Draft()
    {
        var (data, output) = (CommonOptions.Data(), Output("The draft of the record."));
        var statements = new Option<string[]>("--statement") { Description = "Statements of a quorum of validators.", Required = true, AllowMultipleArgumentsPerToken = true };
        var position = new Option<ulong>("--position") { Description = "Puts of the new order count after this position: the revision of the etcd that serves it now.", Required = true };
        var command = new Command("draft", "Join the validators' statements to the record that they are to sign.") { data, statements, position, output };
        command.SetAction(result => Guarded.Run(() =>
        {
            string path = result.GetRequiredValue(output);
            NewFiles.RequireNone("Give another --out.", path);
            using var recovery = new EpochRecovery(result.GetRequiredValue(data));
            var draft = recovery.Draft(result.GetRequiredValue(statements).Select(file => ReadStatement(file, recovery)), result.GetValue(position));
            NewFiles.Write(path, draft.ToArray());
            Console.WriteLine($"{path}: {Describe(draft)}");
        }));
        return command;
    }

    private static Command Sign()
    {
        var (data, output) = (CommonOptions.Data(), Output("The signed record."));
        var draft = new Option<string>("--draft") { Description = "The draft.", Required = true };
        var command = new Command("sign", "Check a draft against this member's log, and sign it: one for an epoch, never two.") { data, draft, output };
        command.SetAction(result => Guarded.Run(() =>
        {
            string path = result.GetRequiredValue(output);
            NewFiles.RequireNone("Give another --out.", path);
            using var recovery = new EpochRecovery(result.GetRequiredValue(data));
            var signed = recovery.Sign(ReadRecord(result.GetRequiredValue(draft)));
            NewFiles.Write(path, signed.ToArray());
            Console.WriteLine($"{path}: {Describe(signed)}");
        }));
        return command;
    }

    private static Command Join()
    {
        var output = Output("The record.");
        var signed = new Option<string[]>("--signed") { Description = "The record as signed by each of a quorum.", Required = true, AllowMultipleArgumentsPerToken = true };
        var command = new Command("join", "Collect the signatures of one record.") { signed, output };
        command.SetAction(result => Guarded.Run(() =>
        {
            string path = result.GetRequiredValue(output);
            NewFiles.RequireNone("Give another --out.", path);
            var record = result.GetRequiredValue(signed).Select(file => (file, Record: ReadRecord(file))).Aggregate((one, other) =>
                (other.file, one.Record.Join(other.Record) ?? throw new InvalidDataException($"{other.file}: is not the record of {one.file}."))).Record;
            NewFiles.Write(path, record.ToArray());
            Console.WriteLine($"{path}: {Describe(record)}");
        }));
        return command;
    }

    private static Command Apply()
    {
        var data = CommonOptions.Data();
        var recordFile = new Option<string>("--record") { Description = "The record, signed by a quorum.", Required = true };
        var command = new Command("apply", "Put the record on this member's log. What comes after its base is dropped; the whole old log is kept beside.") { data, recordFile };
        command.SetAction(result => Guarded.Run(() =>
        {
            string root = result.GetRequiredValue(data);
            var record = ReadRecord(result.GetRequiredValue(recordFile));
            ulong ended = record.Epoch - 1;
            if (!LogCut.IsInterrupted(root, ended))
            {
                using var recovery = new EpochRecovery(root);
                recovery.CheckRecord(record);
            }
            CutLog(root, record);
            using var cut = new EpochRecovery(root);
            Console.WriteLine($"{root}: {cut.Append(record)} leaves, in epoch {record.Epoch}. The log of epoch {ended} is kept as {LogCut.KeptIn(root, ended)}. Start the node with the ordering of epoch {record.Epoch}; then: rxnode recover resubmit.");
        }));
        return command;
    }

    private static Command Resubmit()
    {
        var data = CommonOptions.Data();
        var recordFile = new Option<string>("--record") { Description = "The record that was applied.", Required = true };
        var command = new Command("resubmit", "Submit the events again that this member's log had after the base, through its running node.") { data, recordFile };
        var node = new NodeConnection().AddTo(command);
        command.SetAction((result, cancellation) => Guarded.RunAsync(async () =>
        {
            string root = result.GetRequiredValue(data);
            using var member = OperatingMember.Open(root, node, result);
            return await DroppedEvents.ResubmitAsync(root, ReadRecord(result.GetRequiredValue(recordFile)), member.Client, cancellation) ? 0 : 1;
        }));
        return command;
    }

    private static void CutLog(string root, RecoveryLeaf record)
    {
        using var directory = DataDirectory.Open(root);
        // First: a log that is shorter than what was cosigned is damage to whoever opens it.
        if (CosignedHeadFile.Forget(directory, beyond: record.BaseSize, record.Epoch - 1) is { } kept)
            Console.WriteLine($"{kept}: a head that is dropped was cosigned; kept as evidence");
        LogCut.Cut(directory, record.BaseSize, record.Epoch - 1);
    }

    private static string Describe(RecoveryLeaf record) =>
        $"epoch {record.Epoch} begins after {record.BaseSize} leaves, root {record.BaseRoot}, ordering position {record.StartPosition}; "
        + $"{record.Statements.Count} statements; signed by {(record.Signatures.Count == 0 ? "nobody" : string.Join(", ", record.Signatures.Select(s => s.Validator)))}";

    private static RecoveryStatement ReadStatement(string path, EpochRecovery recovery)
    {
        if (!RecoveryStatement.TryParseFile(File.ReadAllBytes(path), out var statement, out string network, out ulong epoch))
            throw new InvalidDataException($"{path}: is not a statement for a recovery.");
        return network == recovery.Network && epoch == recovery.NextEpoch ? statement
            : throw new InvalidDataException($"{path}: is for epoch {epoch} of {network}, not for epoch {recovery.NextEpoch} of {recovery.Network}.");
    }

    private static RecoveryLeaf ReadRecord(string path) =>
        RecoveryLeaf.TryParse(File.ReadAllBytes(path), out var record) ? record : throw new InvalidDataException($"{path}: is not a recovery record.");

    private static Option<string> Output(string what) => new("--out") { Description = $"File to write. {what}", Required = true };
}
