using Grpc.Core;
using RxChain.SystemTests.Network;
using RxChain.SystemTests.Processes;
using RxChain.SystemTests.Recovery;

namespace RxChain.SystemTests.Faults;

/// <summary>All ordering members lose their disks. The nodes halt, and the members open a new epoch on a new etcd.</summary>
[Collection(NetworkSuite.Name)]
public sealed class LostOrderingTests
{
    private const string Away = "pharmacy-2";
    private static readonly string[] Signers = ["regulator", "hospital", "pharmacy-1"];

    [Fact]
    public async Task OrderingLostForGood_NodesHalt_NewEpochGoesOn()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        await network.AgreeAsync(await story.PrescribeAsync() + 1, network.Members);
        // One is away from here on: it misses the last prescription, the loss, and the new epoch.
        network.Kill(Away);
        long before = await story.PrescribeAsync();
        await network.AgreeAsync(before + 1, Signers);

        foreach (var etcd in network.Etcd)
            etcd.Kill();
        foreach (var etcd in network.Etcd)
            etcd.Wipe();
        foreach (var etcd in network.Etcd)
            etcd.Start();
        foreach (string member in Signers)
            await network.UntilAsync(member, status => status.Alarms.Any(alarm => alarm.Contains("epoch", StringComparison.Ordinal)));
        var refused = await Assert.ThrowsAsync<RpcException>(story.PrescribeAsync);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        using (var reader = network.Client("hospital"))
            Assert.True((await reader.CheckpointAsync()).Checkpoint.Size > before);

        foreach (string member in Signers)
            await network.StopAsync(member);
        var recover = new RecoverCommands(network.PathOf);
        string record = recover.Record(1, Signers);
        foreach (string member in Signers)
            recover.Run("apply", member, "--record", record).Expect(0);
        await Task.WhenAll(Signers.Select(network.StartAsync));
        await network.AgreeAsync(await story.PrescribeAsync() + 1, Signers);

        // It copies the new epoch from the others, and follows its order once it is started again.
        await network.StartAsync(Away);
        await network.UntilAsync(Away, status => status.Alarms.Any(alarm => alarm.Contains("Epoch 1 has begun", StringComparison.Ordinal)));
        await network.StopAsync(Away);
        await network.StartAsync(Away);
        long after = await story.PrescribeAsync();
        var head = await network.AgreeAsync(after + 1, network.Members);
        Assert.True(head.Size > before);
        foreach (string member in network.Members)
        {
            await network.StopAsync(member);
            Programs.RunAuditor("verify", network.Data(member), "--policy", network.PolicyFile).Expect(0);
        }
    }
}
