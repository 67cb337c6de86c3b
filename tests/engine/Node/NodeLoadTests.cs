using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Engine.Ports;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Engine.Tests.Node;

public sealed class NodeLoadTests
{
    private const int Events = 10_000;

    [Fact]
    public async Task Submit_TenThousandAtOnce_EachAnsweredWithALeafOfItsOwn()
    {
        MeasuredOrder? order = null;
        await using var solo = new SoloNode(wrapOrder: inner => order = new MeasuredOrder(inner)).Start();
        foreach (var act in SoloNode.Acts(0))
            await solo.SubmitAsync(act);

        var results = await Task.WhenAll(Issues(Events).Select(e => solo.SubmitAsync(e)));

        Assert.All(results, r => Assert.Equal((Outcome.Accepted, false), (r.Outcome, r.Duplicate)));
        Assert.Equal(Events, results.Select(r => r.LeafIndex).Distinct().Count());
        Assert.InRange(order!.LargestBytes, Batch.MaxSizeBytes * 3 / 4, Batch.MaxSizeBytes);
    }

    [Fact]
    public async Task ProveState_WhileBlocksFlow_AlwaysAndRight()
    {
        await using var solo = new SoloNode().Start();
        foreach (var act in SoloNode.Acts(1))
            await solo.SubmitAsync(act);
        var flowing = Task.WhenAll(Issues(600).Chunk(4).Select(async chunk =>
        {
            foreach (var e in chunk)
                Assert.Equal(Outcome.Accepted, (await solo.SubmitAsync(e)).Outcome);
        }));

        int proofs = 0;
        for (; !flowing.IsCompleted || proofs == 0; proofs++)
        {
            var id = Story.Id("rx-0");
            var proven = solo.Node.ProveState(EntityKind.Prescription, id.Memory);
            Assert.NotNull(proven);
            Assert.True(SealLeaf.TryParse(solo.Node.ReadLeaf(proven.SealIndex), out var seal));
            Assert.NotNull(proven.Value);
            Assert.True(proven.Proof.Verify(seal.StateRoot, StateKey.Of(EntityKind.Prescription, id.Span), proven.Value));
        }

        await flowing;
    }

    [Fact]
    public async Task Submit_SameEventThroughTwoMembersAtOnce_LoggedOnce()
    {
        await using var cluster = new Cluster();
        cluster.Start();
        var story = new Story { NowMs = cluster.Clock.NowMs };
        var register = story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital);

        var results = await Task.WhenAll(new[] { FixedNetwork.Regulator, FixedNetwork.PharmacyA, FixedNetwork.Regulator }.Select(
            member => cluster.Nodes[member].SubmitAsync(register.Bytes, Commitment.Final, Soon())));

        Assert.Single(results, r => !r.Duplicate);
        Assert.Single(results.Select(r => (r.Outcome, r.LeafIndex)).Distinct());
    }

    [Fact]
    public async Task LedgerTime_OneClockIsHoursAhead_FollowsTheOthers()
    {
        await using var cluster = new Cluster();
        cluster.WrongClocks[FixedNetwork.Hospital] = new TestClock(cluster.Clock.NowMs + 10 * 3_600_000);
        cluster.Start();
        foreach (var node in cluster.Nodes.Values)
            await node.ReportClockAsync(Soon());
        var story = new Story { NowMs = cluster.Clock.NowMs };

        var first = await cluster.Nodes[FixedNetwork.Hospital].SubmitAsync(
            story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital).Bytes, Commitment.Final, Soon());
        var issued = await cluster.Nodes[FixedNetwork.Hospital].SubmitAsync(story.Issue("rx-1").Bytes, Commitment.Final, Soon());

        Assert.Equal((Outcome.Accepted, Outcome.Accepted), (first.Outcome, issued.Outcome));
        Assert.InRange(cluster.Nodes[FixedNetwork.PharmacyA].Status.LedgerTimeMs, FixedNetwork.CreatedMs, cluster.Clock.NowMs);
    }

    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    // Signed by the platform's ECDSA: the fixtures' own, which repeats its bytes, would take minutes.
    private static IEnumerable<SignedEvent> Issues(int count)
    {
        using var hospital = FixedKeys.P256(FixedNetwork.Hospital);
        using var prescriber = FixedKeys.P256(Story.Prescriber);
        var like = new Story().Issue("rx-like").Event;
        for (int i = 0; i < count; i++)
        {
            var act = like.Clone();
            act.PrescriptionId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));
            byte[] payload = act.ToByteArray();
            var id = Dsse.EventId(payload);
            yield return Story.Parse(SignedEvent.Encode(payload, [hospital.SignDigest(id), prescriber.SignDigest(id)]));
        }
    }

    private sealed class MeasuredOrder(IOrdering inner) : IOrdering
    {
        public int LargestBytes { get; private set; }

        public Task SubmitAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
        {
            LargestBytes = Math.Max(LargestBytes, batch.Length);
            return inner.SubmitAsync(batch, cancellationToken);
        }

        public IAsyncEnumerable<OrderedPut> ReadAsync(ulong afterPosition, CancellationToken cancellationToken) =>
            inner.ReadAsync(afterPosition, cancellationToken);
    }
}
