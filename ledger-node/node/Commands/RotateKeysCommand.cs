using System.CommandLine;
using RxChain.Node.Configuration;
using RxChain.Node.Hosting;
using RxChain.Storage;

namespace RxChain.Node.Commands;

/// <summary><c>rotate-keys</c>: makes a member's next keys beside those in use, and later puts them in their place.</summary>
internal static class RotateKeysCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var fresh = new Option<string[]>("--new")
        {
            Description = "Keys to replace: organisation, node, cosigner, log; default: all. The others stay.",
            AllowMultipleArgumentsPerToken = true,
        };
        var observer = new Option<bool>("--observer") { Description = "A card without validator keys: the member ceases to validate." };
        var take = new Option<bool>("--take") { Description = "Put the next keys in place, once a vote has brought them into force. Ask the running node, then restart it." };
        var command = new Command("rotate-keys", "Make new keys for this member in keys/next, with a card to propose; or put them in place.") { data, fresh, observer, take };
        var node = new NodeConnection().AddTo(command);
        command.SetAction((result, cancellation) => Guarded.RunAsync(async () =>
        {
            string root = Path.GetFullPath(result.GetRequiredValue(data));
            if (result.GetValue(take))
                await TakeAsync(root, node, result, cancellation);
            else
                Make(root, result.GetValue(fresh) ?? [], result.GetValue(observer));
            return 0;
        }));
        return command;
    }

    private static void Make(string root, string[] fresh, bool observer)
    {
        var config = NodeConfig.ReadForCommands(root);
        string card = NextKeys.Make(root, config.Network, fresh, observer);
        Console.WriteLine($"card {card}\nNext: rxnode propose rotate --data {root} --card {card}\nOnce it is in force: rxnode rotate-keys --data {root} --take, and restart the node.");
    }

    private static async Task TakeAsync(string root, NodeConnection node, ParseResult arguments, CancellationToken cancellation)
    {
        using var member = OperatingMember.Open(root, node, arguments);
        var network = await member.ReadNetworkAsync(cancellation);
        var present = network.Members.SingleOrDefault(m => m.Name == member.Name)
            ?? throw new InvalidDataException($"{member.Name} is not a member of {network.Network}.");
        string old = NextKeys.Take(root, present.Organisation);
        Console.WriteLine($"The next keys of {member.Name} are in place; those before are in {old}. Restart the node now.");
    }
}
