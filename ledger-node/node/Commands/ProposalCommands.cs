using System.CommandLine;
using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Node.Commands;

/// <summary>Commands that change the network: <c>propose</c>, <c>vote</c>, <c>proposals</c>. They sign with the member's
/// organisation key and go through the member's own node.</summary>
internal static class ProposalCommands
{
    public static Command Propose()
    {
        var card = new Option<string>("--card") { Description = "Member card, as rxnode init or rxnode rotate-keys wrote it.", Required = true };
        var name = new Option<string>("--name") { Description = "The member that leaves.", Required = true };
        var successor = new Option<string?>("--successor") { Description = "Member that takes over its duties and rights." };
        var file = new Option<string>("--file") { Description = "The whole new policy as JSON: rxnode proposals --policy prints the present one.", Required = true };
        var threshold = new Option<uint>("--threshold") { Description = "How many validators must cosign: more than two thirds, at most 15.", Required = true };
        return new Command("propose", "Propose a change of the network, for the validators to vote on.")
        {
            Change("add", "Add an organisation.", result => new Propose { AddMember = new AddMember { Card = ReadCard(result.GetRequiredValue(card)) } }, card),
            Change("remove", "Remove a member.", result => new Propose
            {
                RemoveMember = new RemoveMember { Name = result.GetRequiredValue(name), Successor = result.GetValue(successor) ?? "" },
            }, name, successor),
            Change("rotate", "Give a member new keys, or let it begin or cease to validate.", result => new Propose { RotateKeys = new RotateKeys { Card = ReadCard(result.GetRequiredValue(card)) } }, card),
            Change("policy", "Set another policy.", result => new Propose { SetPolicy = new SetPolicy { Policy = ReadPolicy(result.GetRequiredValue(file)) } }, file),
            Change("quorum", "Set how many validators must cosign.", result => new Propose { SetQuorum = new SetQuorum { Threshold = result.GetRequiredValue(threshold) } }, threshold),
        };
    }

    public static Command Vote()
    {
        var id = new Argument<string>("proposal") { Description = "Id of the proposal: 64 hexadecimal digits." };
        var approve = new Option<bool>("--approve") { Description = "Vote for it." };
        var reject = new Option<bool>("--reject") { Description = "Vote against it." };
        return Acting(new Command("vote", "Vote on an open proposal. A vote cannot be changed.") { id, approve, reject }, (result, draft) =>
        {
            if (result.GetValue(approve) == result.GetValue(reject))
                throw new ArgumentException("vote: give either --approve or --reject.");
            draft.Vote = new Vote
            {
                ProposalId = ParseId(result.GetRequiredValue(id)),
                Ballot = result.GetValue(approve) ? Ballot.Approve : Ballot.Reject,
            };
        });
    }

    public static Command Proposals()
    {
        var data = CommonOptions.Data();
        var policy = new Option<bool>("--policy") { Description = "Print the policy in force as JSON instead, to change it and propose it." };
        var command = new Command("proposals", "Show the members, who validates, and the proposals that are open.") { data, policy };
        var node = new NodeConnection().AddTo(command);
        command.SetAction((result, cancellation) => Guarded.RunAsync(async () =>
        {
            using var member = OperatingMember.Open(result.GetRequiredValue(data), node, result);
            var network = await member.ReadNetworkAsync(cancellation);
            Console.WriteLine(result.GetValue(policy) ? PolicyText(network.Policy) : NetworkText.Describe(network));
            return 0;
        }));
        return command;
    }

    private static Command Change(string name, string description, Func<ParseResult, Propose> read, params Option[] options)
    {
        var command = new Command(name, description);
        foreach (var option in options)
            command.Options.Add(option);
        return Acting(command, (result, draft) => draft.Propose = read(result));
    }

    private static Command Acting(Command command, Action<ParseResult, Event> complete)
    {
        var data = CommonOptions.Data();
        command.Options.Add(data);
        var node = new NodeConnection().AddTo(command);
        command.SetAction((result, cancellation) => Guarded.RunAsync(async () =>
        {
            using var member = OperatingMember.Open(result.GetRequiredValue(data), node, result);
            var draft = new Event();
            complete(result, draft);
            var done = await member.ActAsync(draft, cancellation);
            Console.WriteLine($"{(draft.Propose is null ? "vote" : "proposal")} {Convert.ToHexStringLower(done.EventId.Span)} is on the ledger, leaf {done.LeafIndex}");
            return 0;
        }));
        return command;
    }

    private static ByteString ReadCard(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return Prescriptions.MemberCardLayout.TryRead(bytes, out _, out string error)
            ? ByteString.CopyFrom(bytes) : throw new InvalidDataException($"{path}: member card: {error}.");
    }

    private static ByteString ReadPolicy(string path)
    {
        try
        {
            return Policy.Parser.ParseJson(File.ReadAllText(path)).ToByteString();
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new InvalidDataException($"{path}: not a policy in JSON: {e.Message}");
        }
    }

    private static string PolicyText(Policy policy) => new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation()).Format(policy);

    private static ByteString ParseId(string text) =>
        text.Length == 64 && text.All(char.IsAsciiHexDigit)
            ? ByteString.CopyFrom(Convert.FromHexString(text))
            : throw new ArgumentException($"\"{text}\" is not an id of a proposal: 64 hexadecimal digits, as rxnode proposals prints it.");
}
