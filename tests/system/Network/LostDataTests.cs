using RxChain.Ledger.Leaves;
using RxChain.Ordering.Etcd;
using RxChain.Protocol.V1;

namespace RxChain.SystemTests.Network;

/// <summary>A validator whose data is gone, and an ordering that has forgotten what it would need.</summary>
[Collection(NetworkSuite.Name)]
public sealed class LostDataTests
{
    private const string Lost = "pharmacy-2";

    [Fact]
    public async Task Validator_WipedAndEtcdTrimmed_CopiesFromPeersAndCosignsAgain()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        long before = await story.PrescribeAsync();
        await network.AgreeAsync(before + 1, network.Members);
        network.Kill(Lost);
        network.Wipe(Lost);
        await TrimAsync(network);

        await network.StartAsync(Lost);

        await network.AgreeAsync(before + 1, network.Members);
        using (var client = network.Client(Lost))
            Assert.Empty((await client.StatusAsync()).Alarms);
        // Three of four are a quorum: without the regulator nothing is final unless the one that was wiped cosigns.
        network.Kill("regulator");
        long after = await story.PrescribeAsync();
        await network.AgreeAsync(after + 1, network.Members.Where(member => member != "regulator"));
        await network.CheckAcknowledgedAsync(Lost, story.Acknowledged);
    }

    [Fact]
    public async Task Validator_LaggingAndAlone_EtcdTrimmed_CopiesOnceItsPeersAreThere()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        network.Kill(Lost);
        string[] others = [.. network.Members.Where(member => member != Lost)];
        long before = await story.PrescribeAsync();
        await network.AgreeAsync(before + 1, others);
        await TrimAsync(network);
        foreach (string member in others)
            network.Kill(member);

        await network.StartAsync(Lost);
        await network.UntilAsync(Lost, status => status.Alarms.Any(alarm => alarm.Contains("etcd has forgotten", StringComparison.Ordinal)));
        await Task.WhenAll(others.Select(network.StartAsync));

        long after = await story.PrescribeAsync();
        await network.AgreeAsync(after + 1, network.Members);
        await network.CheckAcknowledgedAsync(Lost, story.Acknowledged);
    }

    // Up to the last seal, without the margin that nodes leave.
    private static async Task TrimAsync(NetworkProcesses network)
    {
        using var client = network.Client("regulator");
        var head = await client.CheckpointAsync();
        var leaves = await client.Ledger.GetLeavesAsync(new GetLeavesRequest { FirstIndex = head.Checkpoint.Size - 1 });
        Assert.True(SealLeaf.TryParse(leaves.Leaves.Single().Memory, out var seal));
        await using var ordering = new EtcdOrdering(new EtcdOptions
        {
            Endpoints = [.. network.Etcd.Select(etcd => etcd.ClientAddress)],
            Prefix = $"/rxchain/{network.Origin}/0/",
            Member = "test",
        });
        await ordering.TrimAsync(seal.OrderingPosition, CancellationToken.None);
    }
}
