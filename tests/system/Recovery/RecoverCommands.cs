using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Recovery;

/// <summary><c>rxnode recover</c> as the members of a network type it.</summary>
/// <param name="pathOf">A path below the network's directory; a member's name gives its data directory.</param>
internal sealed class RecoverCommands(Func<string, string> pathOf)
{
    /// <summary>One command of one member.</summary>
    public Finished Run(string what, string member, params string[] arguments) =>
        Programs.RunNode(["recover", what, "--data", pathOf(member), .. arguments]);

    /// <summary>Statements, draft, signatures and record of an epoch by these members. Returns the record's path.</summary>
    public string Record(int epoch, params string[] members)
    {
        foreach (string member in members)
            Run("state", member, "--out", pathOf($"{member}.{epoch}.statement")).Expect(0);
        string draft = pathOf($"{epoch}.draft"), record = pathOf($"epoch-{epoch}.rx");
        Run("draft", members[0], ["--statement", .. members.Select(m => pathOf($"{m}.{epoch}.statement")), "--position", "0", "--out", draft]).Expect(0);
        foreach (string member in members)
            Run("sign", member, "--draft", draft, "--out", pathOf($"{member}.{epoch}.signed")).Expect(0);
        Programs.RunNode(["recover", "join", "--signed", .. members.Select(m => pathOf($"{m}.{epoch}.signed")), "--out", record]).Expect(0);
        return record;
    }
}
