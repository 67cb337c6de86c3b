using System.CommandLine;
using System.Net;
using RxChain.GrpcApi.Access;
using RxChain.Ledger.Members;
using RxChain.Node.Pki;

namespace RxChain.Node.Commands;

/// <summary><c>pki</c>: makes authorities and certificates, for development or where an organisation has no PKI of its own.</summary>
internal static class PkiCommand
{
    private const int MaxDays = 30 * 365;

    public static Command Create() => new("pki", "Make certificate authorities and certificates: of a member's node and clients, and of etcd.") { Node(), Client(), Etcd() };

    private static Command Node()
    {
        var (directory, member, days) = (Directory(), Member(), Days(730));
        var addresses = new Option<string[]>("--address") { Description = "IP address or host name where the node is reached; several may be given. Loopback is added.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("node", "Make node.crt and node.key of a member, and its ca.crt and ca.key if it has none yet.") { directory, member, addresses, days };
        command.SetAction(result => Guarded.Run(() => Print(
            [Open(result, directory).MakeNode(Name(result, member), [.. (result.GetValue(addresses) ?? []).Select(Address)], Days(result, days))])));
        return command;
    }

    private static Command Client()
    {
        var (directory, member, days) = (Directory(), Member(), Days(365));
        var name = new Option<string>("--name") { Description = "The client's name: a-z, 0-9, '.' and '-'.", Required = true };
        var roles = new Option<string[]>("--role") { Description = $"{string.Join(", ", ClientRoles.All.Select(ClientRoles.NameOf))}; several may be given.", Required = true, AllowMultipleArgumentsPerToken = true };
        var command = new Command("client", "Make clients/NAME.crt and .key of a member.") { directory, member, name, roles, days };
        command.SetAction(result => Guarded.Run(() => Print(
            [Open(result, directory).MakeClient(Name(result, member), Name(result, name), [.. result.GetRequiredValue(roles).Select(Role).Distinct()], Days(result, days))])));
        return command;
    }

    private static Command Etcd()
    {
        var directory = Directory();
        var hosts = new Option<string[]>("--host") { Description = "An etcd member: NAME=ADDRESS[,ADDRESS...], IP addresses or host names.", AllowMultipleArgumentsPerToken = true };
        var users = new Option<string[]>("--user") { Description = "A member of the network: its etcd user's certificate is DIR/MEMBER/etcd-client.crt.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("etcd", "Make etcd/HOST.crt and .key, users' certificates, and etcd's ca.crt and ca.key if there is none yet. All valid for 30 years.") { directory, hosts, users };
        command.SetAction(result => Guarded.Run(() => Print(Open(result, directory).MakeEtcd(
            [.. (result.GetValue(hosts) ?? []).Select(Host)], [.. (result.GetValue(users) ?? []).Select(user => Name("--user", user))]))));
        return command;
    }

    private static Option<string> Directory() => new("--out") { Description = "Directory of certificates, DIR. It holds private keys.", Required = true };

    private static Option<string> Member() => new("--member") { Description = "The member's name.", Required = true };

    private static Option<int> Days(int usual) => new("--days") { Description = "Days that the certificate is valid.", DefaultValueFactory = _ => usual };

    private static PkiDirectory Open(ParseResult result, Option<string> directory) => new(result.GetRequiredValue(directory), TimeProvider.System);

    private static void Print(IEnumerable<string> paths)
    {
        foreach (string path in paths)
            Console.WriteLine(path);
    }

    private static int Days(ParseResult result, Option<int> days) => result.GetValue(days) is >= 1 and <= MaxDays and var number
        ? number : throw new ArgumentException($"--days: 1 to {MaxDays}.");

    private static string Name(ParseResult result, Option<string> option) => Name(option.Name, result.GetRequiredValue(option));

    private static string Name(string option, string name) => MemberCard.IsName(name) && name[0] != '.' && name != "etcd"
        ? name : throw new ArgumentException($"{option}: \"{name}\" is not 1 to 64 of a-z, 0-9, '.' and '-', begins with '.', or is \"etcd\".");

    private static string Role(string name) => ClientRoles.TryParse(name, out _)
        ? name : throw new ArgumentException($"--role: \"{name}\" is not one of {string.Join(", ", ClientRoles.All.Select(ClientRoles.NameOf))}.");

    private static (string Host, string[] Addresses) Host(string text)
    {
        string[] parts = text.Split('=');
        if (parts.Length != 2 || parts[1].Length == 0)
            throw new ArgumentException($"--host: \"{text}\" is not NAME=ADDRESS[,ADDRESS...].");
        return (parts[0] == "ca" ? throw new ArgumentException("--host: \"ca\" is the authority's name.") : Name("--host", parts[0]), [.. parts[1].Split(',').Select(Address)]);
    }

    private static string Address(string text) => IPAddress.TryParse(text, out _) || Uri.CheckHostName(text) == UriHostNameType.Dns
        ? text : throw new ArgumentException($"\"{text}\" is neither an IP address nor a host name.");
}
