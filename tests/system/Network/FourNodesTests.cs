namespace RxChain.SystemTests.Network;

[Collection(NetworkSuite.Name)]
public sealed class FourNodesTests
{
    [Fact]
    public async Task Prescription_AcrossFourNodesOverThreeOrderingMembers_FinalEverywhere()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var story = new NetworkStory(network);

        await story.RegisterAsync();
        long dispensed = await story.PrescribeAsync();

        var head = await network.AgreeAsync(dispensed + 1, network.Members);
        foreach (string member in network.Members)
        {
            var status = await network.UntilAsync(member, s => s.Peers.All(peer => peer.Connected && peer.HeadSize > 0));
            Assert.Empty(status.Alarms);
            Assert.Empty(status.OrderingProblems);
            Assert.Equal(network.Members.Where(m => m != member), status.Peers.Select(p => p.Member));
            using var client = network.Client(member);
            Assert.True(network.Policy.Evaluate(await client.CheckpointAsync()).IsSatisfied);
            await network.CheckAcknowledgedAsync(member, story.Acknowledged);
        }
        Assert.True(head.Size > dispensed);
    }
}
