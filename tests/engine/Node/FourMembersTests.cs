using RxChain.Engine.Node;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Node;

public sealed class FourMembersTests
{
    private readonly CancellationToken _soon = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task Submit_WholePrescription_FinalAndEqualOnAllMembers()
    {
        await using var cluster = new Cluster();
        cluster.Start();

        var results = await PlayAsync(cluster, "rx-1");

        Assert.All(results, r => Assert.Equal(Outcome.Accepted, r.Outcome));
        await AgreeAsync(cluster);
        var quorum = new ValidatorSet(1, GenesisState.EraOf(cluster.Genesis)).Quorum;
        foreach (var node in cluster.Nodes.Values)
        {
            var verdict = quorum.Evaluate(node.FinalCheckpoint!);
            Assert.True(verdict.IsSatisfied, verdict.Reason);
            var receipt = node.CreateReceipt(results[^1].LeafIndex)!;
            Assert.True(receipt.VerifyInclusion(Rfc6962.LeafHash(node.ReadLeaf(results[^1].LeafIndex).Span)));
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
        var (size, root) = await AgreeAsync(cluster);
        await cluster.StopAsync();
        File.Delete(Path.Combine(cluster.DirectoryOf(FixedNetwork.PharmacyB), "state.db"));

        cluster.Start();

        // Blocks may have followed before the stop: what all had agreed on is in the log, unchanged.
        Assert.All(cluster.Nodes.Values, n => Assert.True(MerkleProver.TryRoot(size, n.TryReadNode, out var again) && again == root));
        var story = new Story { NowMs = cluster.Clock.NowMs };
        var issued = await SubmitAsync(cluster, FixedNetwork.PharmacyB, story.Issue("rx-2").Bytes);
        Assert.Equal(Outcome.Accepted, issued.Outcome);
        await AgreeAsync(cluster);
    }

    private async Task<List<SubmitResult>> PlayAsync(Cluster cluster, string prescription)
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

    private Task<SubmitResult> SubmitAsync(Cluster cluster, string through, ReadOnlyMemory<byte> envelope) =>
        cluster.Nodes[through].SubmitAsync(envelope, Commitment.Final, _soon);

    // Clock reports may still make blocks, which reach the members one after another.
    private async Task<(long Size, Hash32 Root)> AgreeAsync(Cluster cluster)
    {
        while (true)
        {
            var heads = cluster.Nodes.Values.Select(Head).Distinct().ToArray();
            if (heads is [{ } agreed])
            {
                Assert.All(cluster.Nodes.Values, n => Assert.Empty(n.Status.Alarms));
                return agreed;
            }
            await Task.Delay(10, _soon);
        }
    }

    // Null while the newest durable head is not final.
    private static (long Size, Hash32 Root)? Head(LedgerNode node)
    {
        var (status, final) = (node.Status, node.FinalCheckpoint?.Checkpoint);
        return final is not null && (status.Size, status.Root) == (final.Size, final.Root) ? (final.Size, final.Root) : null;
    }
}
