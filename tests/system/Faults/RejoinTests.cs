using System.Text.RegularExpressions;
using RxChain.SystemTests.Crash;
using RxChain.SystemTests.Network;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Faults;

/// <summary>A validator that lost its data, or has old data, comes back: it copies, gets a new key by vote, and validates.</summary>
[Collection(NetworkSuite.Name)]
public sealed partial class RejoinTests
{
    private const string Lost = "pharmacy-2";
    private static readonly string[] Others = ["regulator", "hospital", "pharmacy-1"];

    [Fact]
    public async Task DataWiped_NewKeyByVote_ValidatesAgain()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        long leaf = await story.IssueManyAsync(20);
        network.Kill(Lost);
        network.Wipe(Lost);
        File.Delete(CosignerKey(network));
        await ComeBackAsync(network, story, leaf);
    }

    [Fact]
    public async Task OldBackupRestored_NewKeyByVote_ValidatesAgain()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        // Two changes of the quorum, so that the backup has ends of eras.
        await story.SetQuorumAsync(4, Others);
        await story.SetQuorumAsync(3, [.. Others, Lost]);
        await network.AgreeAsync(await story.IssueManyAsync(5) + 1, network.Members);
        string backup = network.PathOf("backup"), keys = network.PathOf("kept-keys");
        Programs.RunNode("backup", "--data", network.Data(Lost), "--out", backup).Expect(0);
        long leaf = await story.IssueManyAsync(20);
        network.Kill(Lost);
        // The disk is lost; the operator has the backup, and copies of all keys but the cosigner's.
        Directory.Move(Path.Combine(network.Data(Lost), "keys"), keys);
        Directory.Delete(network.Data(Lost), recursive: true);
        Programs.RunNode("restore", "--data", network.Data(Lost), "--from", backup).Expect(0);
        foreach (string era in (string[])["1", "2"])
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(backup, "eras", era)), await File.ReadAllBytesAsync(Path.Combine(network.Data(Lost), "eras", era)));
        foreach (string name in new[] { "organisation.key", "node.key", "log.key" })
            File.Move(Path.Combine(keys, name), Path.Combine(network.Data(Lost), "keys", name));
        await ComeBackAsync(network, story, leaf);
    }

    [Fact]
    public async Task DiskFull_OfOneNode_OthersGoOnAndItComesBack()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var disk = new SmallDisk(600);
        await network.StopAsync(Lost);
        string moved = Path.Combine(disk.Path, Lost);
        Programs.RunOther("cp", "-a", network.Data(Lost), moved).Expect(0);
        Directory.Delete(network.Data(Lost), recursive: true);
        Directory.CreateSymbolicLink(network.Data(Lost), moved);
        await network.StartAsync(Lost);
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        disk.Fill();
        long leaf = await story.IssueManyAsync(300);
        await network.AgreeAsync(leaf + 1, Others);
        network.Kill(Lost);
        disk.Free();
        await network.StartAsync(Lost);
        await CheckAsync(network, story, await story.PrescribeAsync());
        network.Kill(Lost);
    }

    private static async Task ComeBackAsync(NetworkProcesses network, NetworkStory story, long leaf)
    {
        await network.StartAsync(Lost);
        await network.AgreeAsync(leaf + 1, network.Members);
        string data = network.Data(Lost), address = network["hospital"].GrpcAddress.OriginalString;
        Programs.RunNode("rotate-keys", "--data", data, "--new", "cosigner").Expect(0);
        string proposed = Programs.RunNode("propose", "rotate", "--card", Path.Combine(data, "keys", "next", "card.rx"), "--data", data, "--address", address).Expect(0).Output;
        string proposal = HexId().Match(proposed).Value;
        foreach (string voter in Others)
            Programs.RunNode("vote", proposal, "--approve", "--data", network.Data(voter), "--address", network[voter].GrpcAddress.OriginalString).Expect(0);
        Programs.RunNode("rotate-keys", "--data", data, "--take", "--address", address).Expect(0);
        Assert.True(File.Exists(CosignerKey(network)));
        await network.StopAsync(Lost);
        await network.StartAsync(Lost);
        // With another one gone, nothing is final without it.
        network.Kill("regulator");
        long dispensed = await story.PrescribeAsync();
        await network.UntilAsync(Lost, status => status.CosignedSize > dispensed);
        await network.StartAsync("regulator");
        await CheckAsync(network, story, dispensed);
    }

    private static async Task CheckAsync(NetworkProcesses network, NetworkStory story, long leaf)
    {
        await network.AgreeAsync(leaf + 1, network.Members);
        using var client = network.Client(Lost);
        Assert.Empty((await client.StatusAsync()).Alarms);
        await network.CheckAcknowledgedAsync(Lost, story.Acknowledged);
    }

    private static string CosignerKey(NetworkProcesses network) => Path.Combine(network.Data(Lost), "keys", "cosigner.key");

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex HexId();
}
