using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;

namespace RxChain.SystemTests.Network;

[Collection(NetworkSuite.Name)]
public sealed class EraCopyTests
{
    private const string Observer = "observer";

    [Fact]
    public async Task Observer_OfANetworkWithThreeEras_CopiesFromOneToTheNext()
    {
        await using var network = await NetworkProcesses.StartAsync(observer: Observer);
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        await story.SetQuorumAsync(4, "regulator", "hospital", "pharmacy-1");
        await story.PrescribeAsync();
        await story.SetQuorumAsync(3, "regulator", "hospital", "pharmacy-1", "pharmacy-2");
        // With four needed, this would not become final.
        network.Kill("pharmacy-2");
        long dispensed = await story.PrescribeAsync();

        await network.StartAsync(Observer);

        await network.AgreeAsync(dispensed + 1, "regulator", "hospital", "pharmacy-1", Observer);
        await network.CheckAcknowledgedAsync(Observer, story.Acknowledged);
        using var client = network.Client(Observer);
        Assert.Empty((await client.StatusAsync()).Alarms);
        var third = await client.Ledger.GetStateProofAsync(
            new GetStateProofRequest { Kind = EntityKind.Validators, Id = ByteString.CopyFrom(EntityIds.Era(3)) });
        Assert.True(third.Present);
    }
}
