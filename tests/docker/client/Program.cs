using System.Globalization;
using RxChain.DockerClient;

// A client in a container of its own. DIR is what deploy/bootstrap.sh made: it acts for every organisation in turn, each
// time through that organisation's node, with its client certificate and its key.
if (args is not [var directory, var what, .. var rest] || !Directory.Exists(directory))
{
    Console.Error.WriteLine("usage: DIR story | DIR race ROUNDS | DIR issue MEMBER COUNT");
    return 2;
}
using var network = new ClientNetwork(directory);
var people = await People.RegisterAsync(network);
return (what, rest) switch
{
    ("story", []) => await new Story(network, people).PlayAsync(),
    ("race", [var rounds]) => await new Race(network, people).RunAsync(Number(rounds)),
    ("issue", [var member, var count]) => await new Story(network, people).IssueAsync(member, Number(count)),
    _ => throw new ArgumentException($"no such thing to do: {what}"),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
