using System.CommandLine;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Sources;

namespace RxChain.Auditor.Cli;

/// <summary>What a live node asks of its clients under TLS.</summary>
internal sealed class ClientOptions
{
    private readonly Option<string?> _certificate = File("--cert", "For a live node: the auditor's own certificate as a client of that node, PEM");

    private readonly Option<string?> _key = File("--key", "Its private key, PEM");

    private readonly Option<string?> _authority = File("--ca", "The authority of the node's certificate, PEM; of several nodes, all of theirs in one file");

    public void AddTo(Command command)
    {
        command.Add(_certificate);
        command.Add(_key);
        command.Add(_authority);
    }

    /// <summary>Null when the options are all there, or none.</summary>
    public Finding? TryRead(ParseResult arguments, out ClientFiles? client)
    {
        string?[] files = [arguments.GetValue(_certificate), arguments.GetValue(_key), arguments.GetValue(_authority)];
        client = files is [{ } certificate, { } key, { } authority] ? new ClientFiles(certificate, key, authority) : null;
        return client is not null || files.All(file => file is null)
            ? null : new Finding(ExitCode.Usage, "usage", "--cert, --key and --ca belong together");
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
