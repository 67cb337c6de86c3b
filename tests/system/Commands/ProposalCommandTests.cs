using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Commands;

/// <summary>Operators change a network by vote: the real commands on a running node.</summary>
[Collection(CommandSuite.Name)]
public sealed class ProposalCommandTests
{
    [Fact]
    public async Task Policy_ProposedAndApproved_IsInForce()
    {
        using var network = new SoloNetwork();
        using var node = await network.StartAsync();
        string[] at = ["--data", network.Data, "--address", node.GrpcAddress.ToString()];
        Assert.Contains("1 of 1 validators must cosign", Programs.RunNode(["proposals", .. at]).Expect(0).Output, StringComparison.Ordinal);
        string policy = Programs.RunNode(["proposals", "--policy", .. at]).Expect(0).Output;
        string file = network["policy.json"];
        await File.WriteAllTextAsync(file, policy.Replace("\"packKeyVersion\": 1", "\"packKeyVersion\": 2, \"packKeyExchange\": true", StringComparison.Ordinal));

        string id = Programs.RunNode(["propose", "policy", "--file", file, .. at]).Expect(0).Output.Split(' ')[1];

        Assert.Contains($"proposal {id}: set policy", Programs.RunNode(["proposals", .. at]).Expect(0).Output, StringComparison.Ordinal);
        Programs.RunNode(["vote", id, "--approve", .. at]).Expect(0);
        Programs.RunNode(["vote", id, "--approve", .. at]).ExpectRefusal("PROPOSAL_CLOSED");
        Assert.Contains("no open proposals", Programs.RunNode(["proposals", .. at]).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("\"packKeyExchange\": true", Programs.RunNode(["proposals", "--policy", .. at]).Expect(0).Output, StringComparison.Ordinal);
        Programs.RunNode(["propose", "remove", "--name", SoloNetwork.Member, .. at]).ExpectRefusal("PROPOSAL_NOT_POSSIBLE");
        Programs.RunNode(["vote", id, .. at]).ExpectRefusal("--approve or --reject");
    }

    [Fact]
    public async Task RotateKeys_TakenOnceInForce_NotBeforeAndNeverOver()
    {
        using var network = new SoloNetwork();
        using var node = await network.StartAsync();
        string[] at = ["--data", network.Data, "--address", node.GrpcAddress.ToString()];
        byte[] old = await File.ReadAllBytesAsync(network["member", "keys", "organisation.key"]);

        string card = Programs.RunNode("rotate-keys", "--data", network.Data, "--new", "organisation").Expect(0).Output.Split('\n')[0].Split(' ')[1];

        Programs.RunNode("rotate-keys", "--data", network.Data).ExpectRefusal("exists");
        Programs.RunNode(["rotate-keys", "--take", .. at]).ExpectRefusal("not in force");
        string id = Programs.RunNode(["propose", "rotate", "--card", card, .. at]).Expect(0).Output.Split(' ')[1];
        Programs.RunNode(["vote", id, "--approve", .. at]).Expect(0);
        Programs.RunNode(["propose", "quorum", "--threshold", "1", .. at]).ExpectRefusal("is not the key");
        Programs.RunNode(["rotate-keys", "--take", .. at]).Expect(0);
        Assert.NotEqual(old, await File.ReadAllBytesAsync(network["member", "keys", "organisation.key"]));
        string kept = Directory.GetDirectories(network["member", "keys"], "before-*").Single();
        Assert.Equal(old, await File.ReadAllBytesAsync(Path.Combine(kept, "organisation.key")));
        await node.StopAsync();
        using var again = await network.StartAsync();
        Programs.RunNode(["propose", "quorum", "--threshold", "1", "--data", network.Data, "--address", again.GrpcAddress.ToString()]).ExpectRefusal("PROPOSAL_NOT_POSSIBLE");
        await again.StopAsync();
        network.Audit().Expect(0);
    }

    [Fact]
    public void Commands_ForANodeWithTlsOnAllAddresses_ReadItsConfiguration()
    {
        using var network = new SoloNetwork(plaintext: false);
        string file = network["member", "rxnode.json"];
        File.WriteAllText(file, File.ReadAllText(file).Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal));

        Programs.RunNode("rotate-keys", "--data", network.Data, "--new", "cosigner").Expect(0);
        Programs.RunNode("proposals", "--data", network.Data, "--address", "http://127.0.0.1:9").ExpectRefusal("did not answer");
    }
}
