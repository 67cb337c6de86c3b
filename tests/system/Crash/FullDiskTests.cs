using Grpc.Core;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Crash;

/// <summary>A node whose disk is full stops, says so, and has lost nothing once there is space again.</summary>
[Collection(DamageSuite.Name)]
public sealed class FullDiskTests
{
    private const int SegmentMegabytes = 64;

    [TmpfsFact]
    public async Task DiskFull_WhileRunning_StopsCleanlyAndLosesNothingAcknowledged()
    {
        using var disk = new SmallDisk(SegmentMegabytes + 24);
        using var network = new SoloNetwork(Path.Combine(disk.Path, "network"));
        using var clerk = new Clerk(network);
        var log = new KnownLog(network.Policy);
        var acknowledged = new List<Acknowledged>();
        using (var node = await network.StartAsync())
        {
            using var client = new NodeClient(node.GrpcAddress);
            using var watch = client.Prescriptions.WatchEvents(new WatchEventsRequest());
            foreach (var registration in clerk.Registrations())
                acknowledged.Add(await client.SubmitAsync(registration));
            disk.Fill();
            var refused = await SubmitUntilRefusedAsync(client, clerk, acknowledged);
            Assert.True(refused.StatusCode == StatusCode.Unavailable, refused.ToString());
            var stopped = await node.EndAsync();
            ExpectDiskFull(stopped, network);
            Assert.StartsWith("rxnode: stopped: ", stopped.Error, StringComparison.Ordinal);
        }
        // Still full: it does not start, or stops again.
        ExpectDiskFull(RunningNode.RunToEnd(network.Data), network);
        disk.Free();
        using var again = await network.StartAsync();
        using var later = new NodeClient(again.GrpcAddress);
        await log.ReadOnAsync(later);
        log.CheckAcknowledged(acknowledged);
        await later.SubmitAsync(new Course(clerk).Issue());
        (await again.StopAsync()).Expect(0);
        network.Audit().Expect(0);
    }

    [TmpfsFact]
    public void DiskTooSmallForASegment_IsRefusedAtTheStart()
    {
        using var disk = new SmallDisk(SegmentMegabytes / 2);
        using var network = new SoloNetwork(Path.Combine(disk.Path, "network"));

        RunningNode.RunToEnd(network.Data).ExpectRefusal("Cannot reserve", "No space left on device");
    }

    // Whichever file is written to first is named.
    private static void ExpectDiskFull(Finished finished, SoloNetwork network)
    {
        finished.ExpectRefusal();
        Assert.Matches($"No space left on device : '{network.Data}/.+'|{network.Data}/.+: .*disk is full", finished.Error);
    }

    private static async Task<RpcException> SubmitUntilRefusedAsync(NodeClient client, Clerk clerk, List<Acknowledged> acknowledged)
    {
        while (true)
        {
            try
            {
                acknowledged.Add(await client.SubmitAsync(new Course(clerk).Issue(), Commitment.Final));
            }
            catch (RpcException refused)
            {
                return refused;
            }
        }
    }
}
