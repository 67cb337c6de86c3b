using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Node;

public sealed class FourMembersTests
{
    private static readonly CancellationToken Soon = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task Submit_WholePrescription_FinalAndEqualOnAllMembers()
    {
        await using var cluster = new Cluster();
        cluster.Start();

        var results = await PlayAsync(cluster, "rx-1");

        Assert.All(results, r => Assert.Equal(Outcome.Accepted, r.Outcome));
        await AgreeAsync(cluster);
        var quorum = new Core.ValidatorSet(cluster.Genesis).Quorum;
        foreach (var node in cluster.Nodes.Values)
        {
            var verdict = quorum.Evaluate(node.FinalCheckpoint!);
            Assert.True(verdict.IsSatisfied, verdict.Reason);
            var receipt = node.CreateReceipt(results[^1].LeafIndex)!;
            Assert.True(receipt.VerifyInclusion(Ledger.Merkle.Rfc6962.LeafHash(node.ReadLeaf(results[^1].LeafIndex).Span)));
            var proven = node.ProveState(Prescriptions.State.EntityKind.Prescription, Story.Id("rx-1").Memory)!;
            Assert.True(SealLeaf.TryParse(node.ReadLeaf(proven.SealIndex), out var seal));
            var key = Ledger.StateMaps.StateKey.Of(Prescriptions.State.EntityKind.Prescription, Story.Id("rx-1").Span);
            Assert.True(proven.Proof.Verify(seal.StateRoot, key, proven.Value));
            Assert.NotNull(proven.Value);
        }
    }

    [Fact]
    public async Task Submit_SameEventAgain_FirstOutcomeAndNoSecondLeaf()
    {
        await using var cluster = new Cluster();
        cluster.Start();
        var story = new Story { NowMs = cluster.Clock.NowMs };
        var register = story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital);

        var first = await SubmitAsync(cluster, FixedNetwork.Regulator, register.Bytes);
        var second = await SubmitAsync(cluster, FixedNetwork.PharmacyA, register.Bytes);

        Assert.False(first.Duplicate);
        Assert.Equal(first with { Duplicate = true }, second);
    }

    [Fact]
    public async Task Restart_AfterStop_SameLogAndGoesOn()
    {
        await using var cluster = new Cluster();
        cluster.Start();
        await PlayAsync(cluster, "rx-1");
        await AgreeAsync(cluster);
        var before = cluster.Nodes[FixedNetwork.Hospital].Status;
        await cluster.StopAsync();
        File.Delete(Path.Combine(cluster.DirectoryOf(FixedNetwork.PharmacyB), "state.db"));

        cluster.Start();

        Assert.Equal(before.Root, cluster.Nodes[FixedNetwork.PharmacyB].Status.Root);
        var story = new Story { NowMs = cluster.Clock.NowMs };
        var issued = await SubmitAsync(cluster, FixedNetwork.PharmacyB, story.Issue("rx-2").Bytes);
        Assert.Equal(Outcome.Accepted, issued.Outcome);
        await AgreeAsync(cluster);
    }

    private static async Task<List<SubmitResult>> PlayAsync(Cluster cluster, string prescription)
    {
        var story = new Story { NowMs = cluster.Clock.NowMs };
        return
        [
            await SubmitAsync(cluster, FixedNetwork.Regulator, story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital).Bytes),
            await SubmitAsync(cluster, FixedNetwork.Regulator, story.Register(Story.Pharmacist, Profession.Pharmacist, FixedNetwork.PharmacyA).Bytes),
            await SubmitAsync(cluster, FixedNetwork.Hospital, story.Issue(prescription).Bytes),
            await SubmitAsync(cluster, FixedNetwork.PharmacyA, story.Claim(prescription).Bytes),
            await SubmitAsync(cluster, FixedNetwork.PharmacyA, story.Dispense(prescription, 30).Bytes),
        ];
    }

    private static Task<SubmitResult> SubmitAsync(Cluster cluster, string through, ReadOnlyMemory<byte> envelope) =>
        cluster.Nodes[through].SubmitAsync(envelope, Commitment.Final, Soon);

    private static async Task AgreeAsync(Cluster cluster)
    {
        long size = cluster.Nodes.Values.Max(n => n.Status.Size);
        foreach (var node in cluster.Nodes.Values)
            await node.WaitBeyondAsync(size - 1, Commitment.Final, Soon);
        var first = cluster.Nodes[FixedNetwork.Hospital].FinalCheckpoint!.Checkpoint;
        Assert.All(cluster.Nodes.Values, n => Assert.Empty(n.Status.Alarms));
        Assert.All(cluster.Nodes.Values, n => Assert.Equal(first.Root, n.FinalCheckpoint!.Checkpoint.Root));
    }
}
