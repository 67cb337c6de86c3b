using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Storage;

namespace RxChain.Engine.Tests.Node;

/// <summary>A node that halted refuses writes with the reason, and goes on for readers.</summary>
public sealed class HaltTests
{
    private readonly CancellationToken _soon = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task OrderingIsLost_WritesAreRefusedAndReadsGoOn()
    {
        LosableOrder? order = null;
        await using var solo = new SoloNode(wrapOrder: inner => order = new LosableOrder(inner)).Start();
        var acts = SoloNode.Acts(2).ToArray();
        var first = await solo.SubmitAsync(acts[0]);

        order!.Lose();

        foreach (var act in acts[1..3])
        {
            var refused = await Assert.ThrowsAsync<OrderingUnavailableException>(() => solo.SubmitAsync(act));
            Assert.Equal(LosableOrder.Reason, refused.Message);
        }
        Assert.Equal(HaltKind.OrderingLost, solo.Node.Status.Halt!.Kind);
        Assert.Contains(LosableOrder.Reason, solo.Node.Status.Alarms);
        Assert.False(solo.Node.Completion.IsCompleted);
        Assert.NotNull(solo.Node.CreateReceipt(first.LeafIndex));
        Assert.NotNull(solo.Node.ReadState<Practitioner>(EntityKind.Practitioner, Story.Id(Story.Prescriber).Memory).Value);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task OthersOrderInALaterEpoch_MoreThanAThirdOfThem_TheNodeHalts(int others, bool halts)
    {
        IOrdering? order = null;
        await using var solo = new SoloNode(genesis: FixedNetwork.Genesis(), wrapOrder: inner => order = inner).Start();
        foreach (string proposer in new[] { FixedNetwork.Regulator, FixedNetwork.PharmacyA }.Take(others))
        {
            var header = new BatchHeader
            {
                Network = FixedNetwork.Origin,
                Epoch = 1,
                BaseHeight = solo.Node.Status.Height + 9,
                BaseSealHash = Hash32.Sha256("a block of epoch 1"u8),
                Proposer = proposer,
                ClockMs = solo.Clock.NowMs,
                EnvelopeHashes = [],
            };
            await order!.SubmitAsync(Batch.Encode(TestLedger.SignHeader(header, proposer), []), _soon);
        }
        // This node's own batch comes after them.
        await solo.Node.ReportClockAsync(_soon);
        while (!halts && solo.Node.Status.Height == 0)
            await Task.Delay(10, _soon);
        while (halts && solo.Node.Status.Halt is null)
            await Task.Delay(10, _soon);

        Assert.Equal(halts, solo.Node.Status.Halt is { Kind: HaltKind.OrderingLost } halt && halt.Reason.StartsWith("EPOCH ENDED: 2 of 4", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diverged_OverARestart_ServesTheLastFinalStateOnly()
    {
        await using var cluster = new Cluster();
        cluster.Start();
        var story = new Story { NowMs = cluster.Clock.NowMs };
        await SubmitAsync(cluster, story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital));
        var issued = await SubmitAsync(cluster, story.Issue("rx-1"));
        Assert.Equal(Outcome.Accepted, issued.Outcome);
        await cluster.Nodes[FixedNetwork.Hospital].WaitBeyondAsync(issued.LeafIndex, Commitment.Final, _soon);
        await cluster.StopAsync();
        string member = FixedNetwork.Hospital, directory = cluster.DirectoryOf(member);
        using (var signatures = SqliteSignatures.Open(Path.Combine(directory, "signatures.db")))
            signatures.Save(new Halt(HaltKind.Diverged, "both heads"));

        cluster.Start();

        var node = cluster.Nodes[member];
        Assert.Equal(new Halt(HaltKind.Diverged, "both heads"), node.Status.Halt);
        var refused = await Assert.ThrowsAsync<OrderingUnavailableException>(
            () => node.SubmitAsync(story.Claim("rx-1").Bytes, Commitment.Final, _soon));
        Assert.Equal("both heads", refused.Message);
        var read = node.ReadState<Prescription>(EntityKind.Prescription, Story.Id("rx-1").Memory);
        Assert.Equal(node.FinalCheckpoint!.Checkpoint.Size, read.Size);
        Assert.NotNull(read.Value);
        long cosigned = node.Status.CosignedSize;

        // The three others go on without it.
        story.Forget("rx-1");
        var claimed = await cluster.Nodes[FixedNetwork.PharmacyA].SubmitAsync(story.Claim("rx-1").Bytes, Commitment.Final, _soon);
        Assert.Equal(Outcome.Accepted, claimed.Outcome);
        Assert.Equal(cosigned, node.Status.CosignedSize);
        Assert.Equal(read.Size, node.ReadState<Prescription>(EntityKind.Prescription, Story.Id("rx-1").Memory).Size);
    }

    private Task<SubmitResult> SubmitAsync(Cluster cluster, Ledger.Envelopes.SignedEvent act) =>
        cluster.Nodes[FixedNetwork.Regulator].SubmitAsync(act.Bytes, Commitment.Final, _soon);

    /// <summary>An order that ends by saying that it was lost.</summary>
    private sealed class LosableOrder(IOrdering inner) : IOrdering
    {
        public const string Reason = "The order was rewound.";

        private volatile bool _lost;

        /// <summary>The next put does not come.</summary>
        public void Lose() => _lost = true;

        public Task SubmitAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken) => inner.SubmitAsync(batch, cancellationToken);

        public async IAsyncEnumerable<OrderedPut> ReadAsync(
            ulong afterPosition, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var put in inner.ReadAsync(afterPosition, cancellationToken))
                yield return _lost ? throw new OrderingLostException(Reason) : put;
        }
    }
}
