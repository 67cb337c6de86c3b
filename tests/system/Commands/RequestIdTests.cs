using Grpc.Core;
using RxChain.Client;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Commands;

/// <summary>A retry after a restart cannot act twice.</summary>
[Collection(CommandSuite.Name)]
public sealed class RequestIdTests
{
    [Fact]
    public async Task RequestId_AfterARestart_StandsForTheSameEvent()
    {
        using var network = new SoloNetwork();
        using var clerk = new Clerk(network);
        var course = new Course(clerk);
        var issue = course.Issue();
        Acknowledged first;
        using (var node = await network.StartAsync())
        {
            using var client = new NodeClient(node.GrpcAddress);
            using (var bulk = client.OpenBulk())
                await bulk.SubmitAsync(Commitment.Final, clerk.Registrations());
            first = await client.SubmitAsync(issue, requestId: "order 17");
            (await node.StopAsync()).Expect(0);
        }

        using var restarted = await network.StartAsync();
        using var again = new NodeClient(restarted.GrpcAddress);
        var retried = await again.SubmitAsync(issue, requestId: "order 17");
        var other = await Assert.ThrowsAsync<RpcException>(() => again.SubmitAsync(new Course(clerk).Issue(), requestId: "order 17"));

        Assert.Equal((first.LeafIndex, true), (retried.LeafIndex, retried.Duplicate));
        Assert.Equal(("REQUEST_ID_USED", first.EventId.ToString()), (LedgerError.From(other)!.Reason, LedgerError.From(other)!.Metadata["event_id"]));
    }
}
