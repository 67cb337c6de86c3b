using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.SystemTests.Processes;
using Commitment = RxChain.Engine.Commitment;

namespace RxChain.SystemTests.Recovery;

/// <summary>The ordering is lost; the members open a new epoch by the commands that an operator types.</summary>
[Collection(RecoverySuite.Name)]
public sealed class EpochTests
{
    [Fact]
    public async Task Recover_AfterTheOrderIsLost_GoesOnFromTheLastCosignedHead()
    {
        await using var network = new EpochNetwork();
        await network.StartAsync(0);
        await network.OrderAsync(Commitment.Final);
        await network.StopAsync();
        long final = network.Head("clinic").Size;
        // Ordered, and never cosigned: what comes now is dropped.
        await network.StartAsync(0, connected: false);
        await network.OrderAsync(Commitment.Ordered);
        var proposed = await network.Node(0).SubmitAsync(network.Proposal("clinic"), Commitment.Ordered, CancellationToken.None);
        Assert.Equal(Outcome.Accepted, proposed.Outcome);
        await network.StopAsync();
        Assert.True(network.Head("clinic").Size > final);

        string record = network.Recover.Record(1, "clinic", "north", "office");
        foreach (string member in EpochNetwork.Members)
        {
            string output = network.Recover.Run("apply", member, "--record", record).Expect(0).Output;
            Assert.Contains("in epoch 1", output, StringComparison.Ordinal);
            Assert.Equal((final + 2, 1UL), network.Head(member));
        }
        network.Recover.Run("apply", "clinic", "--record", record).ExpectRefusal("next epoch is 2");

        await network.StartAsync(1);
        await network.OrderAsync(Commitment.Final);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Empty(network.Node(i).Status.Alarms));
        Assert.Null(network.Node(0).ReadState<Proposal>(EntityKind.Proposal, proposed.EventId.ToArray()).Value);
        Assert.Contains("1 events are on the ledger, 0 were refused", await network.ResubmitAsync("clinic", record), StringComparison.Ordinal);
        Assert.NotNull(network.Node(0).ReadState<Proposal>(EntityKind.Proposal, proposed.EventId.ToArray()).Value);
        // The others' logs had it too: it is recognised.
        Assert.Contains("1 events are on the ledger, 0 were refused", await network.ResubmitAsync("north", record), StringComparison.Ordinal);
        await network.StopAsync();
        foreach (string member in EpochNetwork.Members)
            Programs.RunAuditor("verify", network[member], "--policy", network["policy.txt"]).Expect(0);
    }

    [Fact]
    public async Task Recover_WordOnceGiven_IsKept()
    {
        await using var network = new EpochNetwork();
        await network.StartAsync(0);
        await network.OrderAsync(Commitment.Final);
        await network.StopAsync();
        string[] three = ["clinic", "north", "office"];
        network.Recover.Record(1, three);

        // One record for an epoch, never two.
        network.Recover.Run("draft", "south", ["--statement", .. three.Select(m => network[$"{m}.1.statement"]), "--position", "9", "--out", network["other.draft"]]).Expect(0);
        network.Recover.Run("sign", "south", "--draft", network["other.draft"], "--out", network["south.signed"]).Expect(0);
        network.Recover.Run("sign", "clinic", "--draft", network["other.draft"], "--out", network["clinic.other"]).ExpectRefusal("signs no second one");
        Programs.RunNode("recover", "join", "--signed", network["clinic.1.signed"], network["south.signed"], "--out", network["mixed.rx"]).ExpectRefusal("is not the record");
        network.Recover.Run("apply", "south", "--record", network["south.signed"]).ExpectRefusal("1 signatures are not a quorum");
        network.Recover.Run("draft", "south", ["--statement", network["clinic.1.statement"], network["north.1.statement"], "--position", "0", "--out", network["two.draft"]]).ExpectRefusal("2 statements are not a quorum");

        // Nobody who gave a statement cosigns before the new epoch, so the one that did not is alone.
        await network.StartAsync(0);
        Assert.All(Enumerable.Range(0, 3), i => Assert.Contains("neither orders nor cosigns", Notices(network, i), StringComparison.Ordinal));
        await network.Node(3).ReportClockAsync(CancellationToken.None);
        await Assert.ThrowsAsync<TimeoutException>(() =>
            network.Node(3).WaitBeyondAsync(network.Node(3).Status.FinalSize, Commitment.Final, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Recover_AfterMoreWasCosigned_NeedsThatKeyGone()
    {
        await using var network = new EpochNetwork();
        await network.StartAsync(0);
        await network.OrderAsync(Commitment.Final);
        await network.StopAsync();
        string[] three = ["clinic", "north", "office"];
        foreach (string member in three)
            network.Recover.Run("state", member, "--out", network[$"{member}.1.statement"]).Expect(0);
        // South is not asked, and goes on cosigning: with a copy of the others that has not given its word, as a lying quorum would.
        foreach (string member in three)
            File.Delete(network[member, "recovery"]);
        await network.StartAsync(0);
        await network.OrderAsync(Commitment.Final);
        await network.StopAsync();
        network.Recover.Run("draft", "south", ["--statement", .. three.Select(m => network[$"{m}.1.statement"]), "--position", "0", "--out", network["1.draft"]]).Expect(0);
        foreach (string member in three)
            network.Recover.Run("sign", member, "--draft", network["1.draft"], "--out", network[$"{member}.1.signed"]).Expect(0);
        Programs.RunNode(["recover", "join", "--signed", .. three.Select(m => network[$"{m}.1.signed"]), "--out", network["1.rx"]]).Expect(0);
        network.Recover.Run("apply", "south", "--record", network["1.rx"]).ExpectRefusal("which the record would drop", "evidence");
        // A final head of which this node has not heard, but its own cosignature of it.
        File.Delete(network["south", "checkpoint"]);
        network.Recover.Run("apply", "south", "--record", network["1.rx"]).ExpectRefusal("must never sign again", "cosigner.key");
        File.Move(network["south", "keys", "cosigner.key"], network["south", "keys", "cosigner.key.epoch-0"]);
        Assert.Contains("kept as evidence", network.Recover.Run("apply", "south", "--record", network["1.rx"]).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(1UL, network.Head("south").Epoch);
        Assert.True(File.Exists(network["south", "cosigned.epoch-0"]));
        Assert.True(Directory.Exists(network["south", "epoch-0", "log"]));
    }

    [Fact]
    public void Recover_GarbageFiles_RefusedByName()
    {
        string root = Directory.CreateTempSubdirectory("rxchain-epoch-").FullName;
        string garbage = Path.Combine(root, "garbage");
        File.WriteAllText(garbage, "garbage");
        Programs.RunNode("recover", "join", "--signed", garbage, "--out", Path.Combine(root, "out")).ExpectRefusal(garbage, "is not a recovery record");
        Programs.RunNode("recover", "apply", "--data", root, "--record", garbage).ExpectRefusal(garbage, "is not a recovery record");
        Directory.Delete(root, recursive: true);
    }

    private static string Notices(EpochNetwork network, int index) => string.Join('\n', network.Opened(index).Notices);
}
