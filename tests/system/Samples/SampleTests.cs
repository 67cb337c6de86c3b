using System.Text.Json;
using RxChain.SystemTests.Processes;
using RxChain.SystemTests.Tls;

namespace RxChain.SystemTests.Samples;

/// <summary>The client samples against a real node, by the commands of grpc-api/samples/README.md and nothing else.</summary>
[Collection(CommandSuite.Name)]
public sealed class SampleTests : IDisposable
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string Folder = Path.Combine(Programs.Repository, "grpc-api", "samples");

    private readonly SoloNetwork _network = new();

    private string Parties => _network["parties.json"];

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task AllThree_AgainstARunningNode_Complete()
    {
        using var node = await _network.StartAsync();
        MakeParties(node).Expect(0);
        Assert.Equal(OwnerReadsAndWrites, File.GetUnixFileMode(Parties));

        string[] csharp = Run(node, "dotnet", Programs.Sample);
        // Debian's own Python, which has Debian's packages; another may come first on the path.
        string[] python = Run(node, "/usr/bin/python3", Path.Combine(Folder, "python", "sample.py"));
        string[] javascript = Run(node, "node", Path.Combine(Folder, "javascript", "sample.js"));

        Assert.All(csharp[..3], line => Assert.Matches("^(issue|claim|dispense): leaf [0-9]+, receipt verified under [0-9]+ leaves$", line));
        Assert.All([.. python[..3], .. javascript[..3]], line => Assert.Matches("^(issue|claim|dispense): leaf [0-9]+$", line));
        Assert.All([csharp, python, javascript], lines =>
        {
            Assert.Equal(["issue", "claim", "dispense"], lines[..3].Select(line => line.Split(':')[0]));
            Assert.All(lines[3..6], line => Assert.Matches("^leaf [0-9]+: (?i:issue|claim|dispense) ", line));
            Assert.Equal("COMPLETED", Assert.Single(lines[6..]));
        });
        (await node.StopAsync()).Expect(0);
        Assert.Contains("11 events (11 accepted, 0 refused)", _network.Audit().Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllThree_UnderMutualTls_Complete()
    {
        using var network = new TlsNetwork();
        string client = network.MakeClient("ward-3", "submitter", "reader"), parties = network.Solo["parties.json"];
        using var node = await network.StartAsync();
        Programs.RunNode(["parties", "--data", network.Data, "--out", parties, "--address", node.GrpcAddress.ToString(), .. network.Options(client)]).Expect(0);
        string[] arguments = [node.GrpcAddress.Authority, parties, client + ".crt", client + ".key", network.Authority];

        string csharp = Programs.RunOther("dotnet", [Programs.Sample, .. arguments]).Expect(0).Output;
        string python = Programs.RunOther("/usr/bin/python3", [Path.Combine(Folder, "python", "sample.py"), .. arguments]).Expect(0).Output;
        string javascript = Programs.RunOther("node", [Path.Combine(Folder, "javascript", "sample.js"), .. arguments]).Expect(0).Output;

        Assert.All([csharp, python, javascript], output => Assert.EndsWith("COMPLETED\n", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parties_Misused_IsRefused()
    {
        Programs.RunNode("parties", "--data", _network.Data, "--out", Parties, "--address", "http://127.0.0.1:9").ExpectRefusal("did not answer");
        Assert.False(File.Exists(Parties));
        Programs.RunNode("parties", "--data", _network["none"], "--out", Parties).ExpectRefusal(_network["none"], "rxnode init");
        using var node = await _network.StartAsync();
        File.WriteAllText(Parties, "mine");
        MakeParties(node).ExpectRefusal($"{Parties} exists already and is not overwritten");
        Assert.Equal("mine", File.ReadAllText(Parties));
    }

    [Fact]
    public void Parties_OfAMemberWithoutTheRoles_NamesThem()
    {
        string data = _network["clinic"], genesis = Path.Combine(data, "genesis.rx");
        string made = Programs.RunNode("init", "--data", data, "--name", "clinic", "--role", "hospital", "--plaintext").Expect(0).Output;
        Programs.RunNode("genesis", "--card", Path.Combine(data, "card.rx"), "--network", made.Split('\n')[0].Split(' ')[1], "--out", genesis).Expect(0);

        Programs.RunNode("parties", "--data", data, "--out", Parties).ExpectRefusal("clinic has no role pharmacy, regulator");
    }

    private Finished MakeParties(RunningNode node) =>
        Programs.RunNode("parties", "--data", _network.Data, "--out", Parties, "--address", node.GrpcAddress.ToString());

    private string[] Run(RunningNode node, string program, string sample) =>
        Programs.RunOther(program, sample, node.GrpcAddress.Authority, Parties).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
