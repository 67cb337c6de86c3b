using Grpc.Core;
using RxChain.Ledger;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Protocol.V1;
using RxChain.Testing.Node;

namespace RxChain.Grpc.Tests.Services;

public sealed class LedgerTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    [Fact]
    public async Task GetStatus_AfterAnEvent_AgreesWithTheNode()
    {
        await host.IssueAsync(Drafts.NewId());

        var status = await host.Ledger.GetStatusAsync(new GetStatusRequest());

        Assert.Equal((TestNetwork.Validator, TestNetwork.Origin), (status.Member, status.Network));
        Assert.Equal(host.Node.Status.Size, status.Size);
        Assert.Equal(host.Node.Status.Root.ToArray(), status.Root.ToByteArray());
    }

    [Fact]
    public async Task GetCheckpoint_Final_SatisfiesThePolicy()
    {
        var reply = await host.Ledger.GetCheckpointAsync(new GetCheckpointRequest());

        Assert.True(SignedCheckpoint.TryParse(System.Text.Encoding.UTF8.GetBytes(reply.Checkpoint), out var checkpoint, out _));
        Assert.True(host.Network.Policy.Evaluate(checkpoint).IsSatisfied);
    }

    [Fact]
    public async Task GetReceipt_NotFinalYet_SaysSoOrWaits()
    {
        host.Node.HoldsFinality = true;
        var issued = await host.IssueAsync(Drafts.NewId());
        var request = new GetReceiptRequest { LeafIndex = issued.LeafIndex };
        await Failures.Of(StatusCode.FailedPrecondition, "NOT_FINAL", async () => await host.Ledger.GetReceiptAsync(request));
        request.Wait = true;
        var waiting = host.Ledger.GetReceiptAsync(request).ResponseAsync;

        Assert.False(waiting.IsCompleted);
        host.Node.HoldsFinality = false;
        await host.IssueAsync(Drafts.NewId());

        Assert.StartsWith("c2sp.org/tlog-proof@v1\n", (await waiting).Receipt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitEvent_ClaimWithoutCommitment_WaitsForFinality()
    {
        var id = Drafts.NewId();
        var issued = await host.IssueAsync(id);
        byte[] envelope = host.Envelope(Drafts.Claim(id), 2, issued.EventId, "pharmacy-a");
        host.Node.HoldsFinality = true;
        var claiming = host.Prescriptions.SubmitEventAsync(
            new SubmitEventRequest { Envelope = Google.Protobuf.ByteString.CopyFrom(envelope) }).ResponseAsync;
        await host.IssueAsync(Drafts.NewId());

        Assert.False(claiming.IsCompleted);
        host.Node.HoldsFinality = false;
        await host.IssueAsync(Drafts.NewId());

        Assert.True((await claiming).LeafIndex > issued.LeafIndex);
    }

    [Fact]
    public async Task GetLeavesAndProofs_Verify()
    {
        var issued = await host.IssueAsync(Drafts.NewId());
        await host.IssueAsync(Drafts.NewId());
        long index = issued.LeafIndex;

        var leaves = await host.Ledger.GetLeavesAsync(new GetLeavesRequest { FirstIndex = index, MaxCount = 2 });
        var inclusion = await host.Ledger.GetInclusionProofAsync(new GetInclusionProofRequest { LeafIndex = index });
        var consistency = await host.Ledger.GetConsistencyProofAsync(
            new GetConsistencyProofRequest { OldSize = index, NewSize = inclusion.TreeSize });

        Assert.Equal(2, leaves.Leaves.Count);
        Assert.Equal(Rfc6962.LeafHash(leaves.Leaves[0].Span).ToArray(), inclusion.LeafHash.ToByteArray());
        Hash32 root = Root(inclusion.TreeSize), oldRoot = Root(index);
        Assert.True(MerkleVerifier.VerifyInclusion(
            index, inclusion.TreeSize, new Hash32(inclusion.LeafHash.Span), Hashes(inclusion.Hashes), root));
        Assert.True(MerkleVerifier.VerifyConsistency(
            index, inclusion.TreeSize, oldRoot, root, Hashes(consistency.Hashes)));
    }

    [Fact]
    public async Task Reads_BeyondTheLog_AreOutOfRange()
    {
        const long Far = 1L << 40;
        Func<Task>[] reads =
        [
            async () => await host.Ledger.GetLeavesAsync(new GetLeavesRequest { FirstIndex = Far }),
            async () => await host.Ledger.GetLeavesAsync(new GetLeavesRequest { FirstIndex = -1 }),
            async () => await host.Ledger.GetReceiptAsync(new GetReceiptRequest { LeafIndex = Far }),
            async () => await host.Ledger.GetReceiptAsync(new GetReceiptRequest { LeafIndex = -1, Wait = true }),
            async () => await host.Ledger.GetInclusionProofAsync(new GetInclusionProofRequest { LeafIndex = Far }),
            async () => await host.Ledger.GetInclusionProofAsync(new GetInclusionProofRequest { TreeSize = Far }),
            async () => await host.Ledger.GetConsistencyProofAsync(new GetConsistencyProofRequest { OldSize = Far }),
            async () => await host.Ledger.GetConsistencyProofAsync(new GetConsistencyProofRequest { NewSize = -1 }),
        ];
        foreach (var read in reads)
            await Failures.Of(StatusCode.OutOfRange, "BEYOND_LOG", read);
        await Failures.Of(StatusCode.InvalidArgument, "MALFORMED",
            async () => await host.Ledger.GetLeavesAsync(new GetLeavesRequest { MaxCount = 257 }));
    }

    [Fact]
    public async Task GetGenesisAndPolicy_AreThoseOfTheNetwork()
    {
        var genesis = await host.Ledger.GetGenesisAsync(new GetGenesisRequest());
        var policy = await host.Ledger.GetPolicyAsync(new GetPolicyRequest());

        Assert.True(GenesisLeaf.TryParse(genesis.Leaf.Memory, out var parsed, out string error), error);
        Assert.Equal((parsed.Origin, parsed.QuorumText), (genesis.Network, genesis.Quorum));
        Assert.Equal(parsed.Policy, policy.Policy);
    }

    [Fact]
    public async Task ListEquivocations_MoreThanOneAnswerTakes_AreAllHadOneAfterTheOther()
    {
        const int Largest = 1 << 20;
        Assert.Empty((await host.Ledger.ListEquivocationsAsync(new ListEquivocationsRequest())).Proofs);
        host.Node.Evidence = [.. new[] { 1, 2, Largest, Largest, 3 }.Select((bytes, i) => Proof($"v{i}", bytes))];
        var answers = new List<ListEquivocationsResponse>();
        uint had = 0;
        while (answers.LastOrDefault()?.Proofs.Count != 0)
        {
            answers.Add(await host.Ledger.ListEquivocationsAsync(new ListEquivocationsRequest { Skip = had }));
            had += (uint)answers[^1].Proofs.Count;
        }
        Assert.Equal([3, 2, 0], answers.Select(answer => answer.Proofs.Count));
        Assert.Equal(host.Node.Evidence.Select(proof => proof.ToBytes()), answers.SelectMany(answer => answer.Proofs).Select(bytes => bytes.ToByteArray()));
        Assert.Empty((await host.Ledger.ListEquivocationsAsync(new ListEquivocationsRequest { Skip = uint.MaxValue })).Proofs);
    }

    private static EquivocationProof Proof(string validator, int bytes) => new()
    {
        Kind = EquivocationKind.HeadReports,
        Validator = validator,
        Key = new Ed25519PrivateKey(new byte[32]).PublicKey,
        First = new byte[bytes],
        Second = new byte[bytes],
    };

    private static Hash32[] Hashes(IEnumerable<Google.Protobuf.ByteString> hashes) => [.. hashes.Select(h => new Hash32(h.Span))];

    private Hash32 Root(long size)
    {
        Assert.True(MerkleProver.TryRoot(size, host.Node.TryReadNode, out var root));
        return root;
    }
}
