using System.Text.Json.Nodes;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Crash;

/// <summary>A node that is set up wrongly does not start, and says everything that is wrong.</summary>
[Collection(DamageSuite.Name)]
public sealed class ConfigurationTests : IDisposable
{
    private readonly SoloNetwork _network = new();

    private string Config => Path.Combine(_network.Data, "rxnode.json");

    public void Dispose() => _network.Dispose();

    [Fact]
    public void EveryFault_IsReportedAtOnce()
    {
        File.WriteAllText(Config, """{ "member": "Not A Name", "network": "", "genesis": "", "listen": "0.0.0.0:7600", "tiles": "somewhere" }""");

        var refused = Programs.RunNode("run", "--data", _network.Data);

        refused.ExpectRefusal("member: \"Not A Name\"", "network: ", "genesis: ", "listen: \"0.0.0.0:7600\" must be a loopback address", "tiles: \"somewhere\"");
        Assert.Contains("tls: is missing", refused.Error, StringComparison.Ordinal);
        Assert.All(refused.Error.TrimEnd().Split('\n'), line => Assert.StartsWith($"rxnode: {Config}: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void FaultsOfPeersAndOrdering_AreReportedWithTheirPlace()
    {
        File.WriteAllText(Config, """
            { "member": "a", "network": "n", "peerListen": "10.0.0.1", "tls": { "certificate": "c", "key": "" }, "plaintext": true,
              "peers": [ { "member": "a", "address": "https://10.0.0.2:1", "authority": "x" }, { "member": "b", "address": "http://10.0.0.2:1" },
                         null, { "member": "b", "address": "https://name:1", "authority": "x" } ],
              "ordering": { "kind": "etcd", "endpoints": [ "https://10.0.0.3:2379", "10.0.0.4" ], "key": "k" } }
            """);

        RunningNode.RunToEnd(_network.Data).ExpectRefusal(
            "peerListen: \"10.0.0.1\" must be an IP address and port", "plaintext: cannot be true", "tls.key: is missing", "tls.clientAuthorities: is missing",
            "peers[0].member: a is this node itself", "peers[1].address: \"http://10.0.0.2:1\" must be https://", "peers[2]: is empty",
            "peers[3].member: b is there already", "peers[3].address: \"https://name:1\" must be https://, an IP address and a port",
            "ordering.endpoints[1]: \"10.0.0.4\"", "ordering.certificate: is missing", "ordering.authorities: is missing");
    }

    [Fact]
    public void WithoutTlsAndWithoutTheFlag_IsRefusedAndToldWhatToDo()
    {
        using var network = new SoloNetwork(plaintext: false);
        RunningNode.RunToEnd(network.Data).ExpectRefusal(
            "tls.certificate: ", Path.Combine(network.Data, "tls/node.key"), "tls.clientAuthorities: ", "rxnode pki", "rxnode run --plaintext");
    }

    [Fact]
    public async Task PlaintextOfTheCommandLine_IsEnough()
    {
        using var network = new SoloNetwork(plaintext: false);
        using var node = await RunningNode.StartAsync(network.Data, arguments: ["--plaintext"]);
        (await node.StopAsync()).Expect(0);
    }

    [Theory]
    [InlineData("RXNODE_PLAINTEXT", "perhaps")]
    [InlineData("RXNODE_PEERS", "[")]
    public void UnreadableVariable_IsRefused(string variable, string value) =>
        Programs.Run(Programs.Node, ["run", "--data", _network.Data], new Dictionary<string, string> { [variable] = value }).ExpectRefusal(variable);

    [Theory]
    [InlineData("{ \"member\": \"solo.example\", \"colour\": 1 }", "colour")]
    [InlineData("not json", "invalid")]
    [InlineData("", "rxnode init")]
    public void BrokenFile_IsRefused(string text, string word)
    {
        File.WriteAllText(Config, text);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal(Config, word);
    }

    [Fact]
    public void NoDataDirectory_IsRefusedAndNotMade()
    {
        string none = _network["none"];
        RunningNode.RunToEnd(none).ExpectRefusal(none, "rxnode init");
        Assert.False(Directory.Exists(none));
    }

    [Theory]
    [InlineData("RXNODE_LISTEN", "192.0.2.1:7600")]
    [InlineData("RXNODE_LISTEN", "[::]:7600")]
    [InlineData("RXNODE_TILES", "0.0.0.0:7601")]
    public void AddressBeyondLoopback_IsRefused(string variable, string value)
    {
        var environment = new Dictionary<string, string> { ["RXNODE_LISTEN"] = "127.0.0.1:0", ["RXNODE_TILES"] = "127.0.0.1:0", [variable] = value };

        Programs.Run(Programs.Node, ["run", "--data", _network.Data], environment).ExpectRefusal("mutual TLS");
    }

    [Fact]
    public void BrokenGenesis_IsRefused()
    {
        byte[] genesis = File.ReadAllBytes(_network.Genesis);
        foreach (byte[] broken in new[] { [], genesis[..^1], [.. genesis, 0], Flipped(genesis) })
        {
            File.WriteAllBytes(_network.Genesis, broken);
            RunningNode.RunToEnd(_network.Data).ExpectRefusal(_network.Genesis);
        }
        File.Delete(_network.Genesis);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal(_network.Genesis);
    }

    [Fact]
    public void GenesisOfAnotherNetwork_IsRefused()
    {
        using var other = new SoloNetwork();
        File.Copy(other.Genesis, _network.Genesis, overwrite: true);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal($"is of network {other.Origin}", _network.Origin);
    }

    [Fact]
    public async Task GenesisMadeAgain_IsNotThatOfTheLog()
    {
        using (var node = await _network.StartAsync())
            (await node.StopAsync()).Expect(0);
        File.Delete(_network.Genesis);
        Programs.RunNode("genesis", "--card", _network["member", "card.rx"], "--network", _network.Origin, "--out", _network.Genesis).Expect(0);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal("The genesis file is not that of the log");
    }

    [Fact]
    public void MemberOrKeys_ThatTheGenesisDoesNotName_AreRefused()
    {
        var config = JsonNode.Parse(File.ReadAllText(Config))!;
        config["member"] = "someone.example";
        File.WriteAllText(Config, config.ToJsonString());
        RunningNode.RunToEnd(_network.Data).ExpectRefusal("someone.example");

        config["member"] = SoloNetwork.Member;
        File.WriteAllText(Config, config.ToJsonString());
        using var other = new SoloNetwork();
        File.Copy(other["member", "keys", "node.key"], _network["member", "keys", "node.key"], overwrite: true);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal("node.key");
    }

    [Theory]
    [InlineData("organisation")]
    [InlineData("cosigner")]
    public void KeyThatOthersMayRead_IsRefused(string name)
    {
        string key = _network["member", "keys", $"{name}.key"];
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal("its mode is 644", $"chmod 600 {key}");
    }

    [Theory]
    [InlineData("organisation", "not PKCS#8")]
    [InlineData("log", "too short")]
    public void KeyFileWithoutAKey_IsRefused(string name, string text)
    {
        string key = _network["member", "keys", $"{name}.key"];
        File.WriteAllText(key, text);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal(key);
        File.Delete(key);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal(key);
    }

    private static byte[] Flipped(byte[] bytes)
    {
        byte[] flipped = [.. bytes];
        flipped[flipped.Length / 2] ^= 1;
        return flipped;
    }
}
