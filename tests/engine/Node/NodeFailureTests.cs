using RxChain.Engine.Ports;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Node;

public sealed class NodeFailureTests
{
    [Theory]
    [InlineData(DiskCall.Append)]
    [InlineData(DiskCall.Flush)]
    [InlineData(DiskCall.SaveCosigned)]
    public async Task DiskFails_NodeStopsAndNobodyIsAcknowledged(DiskCall call)
    {
        await using var solo = new SoloNode().Start();
        var acts = SoloNode.Acts(3).ToArray();
        var first = await solo.SubmitAsync(acts[0]);
        Assert.Equal(Outcome.Accepted, first.Outcome);
        solo.Ports.Failing = call;

        var waiting = acts[1..4].Select(e => solo.SubmitAsync(e)).ToArray();

        foreach (var one in waiting)
            await Assert.ThrowsAsync<OrderingUnavailableException>(() => one);
        await Assert.ThrowsAsync<IOException>(() => solo.Node.Completion);
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => solo.SubmitAsync(acts[4], Commitment.Ordered));
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => solo.Node.WaitBeyondAsync(1_000, Commitment.Ordered, default));
        Assert.True(solo.Node.ReadLeaf(first.LeafIndex).Length > 0);
    }

    [Fact]
    public async Task StateStoreFails_NodeStops()
    {
        await using var solo = new SoloNode().Start();
        solo.Ports.Failing = DiskCall.CommitState;

        foreach (var act in SoloNode.Acts(12))
        {
            if (await Record.ExceptionAsync(() => solo.SubmitAsync(act)) is { } thrown)
                Assert.IsType<OrderingUnavailableException>(thrown);
        }

        await Assert.ThrowsAsync<IOException>(() => solo.Node.Completion);
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => solo.SubmitAsync(SoloNode.Acts(0).First()));
    }

    [Fact]
    public async Task Dispose_WhileSubmittersWaitForFinality_AllAreAnswered()
    {
        // Three of four validators are silent: nothing becomes final.
        await using var solo = new SoloNode(genesis: FixedNetwork.Genesis()).Start();
        var acts = SoloNode.Acts(20).ToArray();
        // Who signs must be registered before, or an event is refused at once instead of waiting.
        foreach (var registration in acts[..2])
            Assert.Equal(Outcome.Accepted, (await solo.SubmitAsync(registration, Commitment.Ordered)).Outcome);
        long size = solo.Node.Status.Size;
        var waiting = acts[2..].Select(e => solo.SubmitAsync(e)).ToArray();
        await solo.Node.WaitBeyondAsync(size, Commitment.Ordered, default);

        await solo.Node.DisposeAsync();

        foreach (var one in waiting)
            await Assert.ThrowsAsync<OrderingUnavailableException>(() => one);
    }

    [Fact]
    public async Task Submit_WhileNodeStops_IsAnswered()
    {
        await using var solo = new SoloNode().Start();
        var acts = SoloNode.Acts(60).ToArray();
        Assert.Equal(Outcome.Accepted, (await solo.SubmitAsync(acts[0])).Outcome);
        var waiting = Parallel.ForEachAsync(acts[1..], async (act, _) =>
        {
            if (await Record.ExceptionAsync(() => solo.SubmitAsync(act)) is { } thrown)
                Assert.IsType<OrderingUnavailableException>(thrown);
        });

        await solo.Node.DisposeAsync();

        await waiting;
    }

    [Fact]
    public async Task Dispose_WhileStateWaitsForAFlushThatNeverComes_Ends()
    {
        await using var solo = new SoloNode().Start();
        Assert.Equal(Outcome.Accepted, (await solo.SubmitAsync(SoloNode.Acts(0).First())).Outcome);
        solo.Ports.Failing = DiskCall.Flush;
        var waiting = SoloNode.Acts(10).Skip(1).Select(e => solo.SubmitAsync(e)).ToArray();
        await solo.Node.DisposeAsync();
        foreach (var one in waiting)
            await Assert.ThrowsAsync<OrderingUnavailableException>(() => one);
    }

    [Fact]
    public async Task Observer_Submit_IsRefused()
    {
        await using var solo = new SoloNode(observer: true).Start();
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => solo.SubmitAsync(SoloNode.Acts(0).First()));
    }
}
