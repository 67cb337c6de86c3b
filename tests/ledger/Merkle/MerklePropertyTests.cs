using FsCheck;
using FsCheck.Fluent;
using RxChain.Ledger.Merkle;

namespace RxChain.Ledger.Tests.Merkle;

/// <summary>Random trees against a direct reading of RFC 6962's recursive definitions.</summary>
public class MerklePropertyTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(60);

    [Fact]
    public void Frontier_EveryPrefixOfATree_HasTheDefinedRoot()
    {
        var leaves = Leaves(200);
        var frontier = new MerkleFrontier();
        for (int size = 0; size <= leaves.Length; size++)
        {
            Assert.Equal(Mth(leaves.AsSpan(0, size)), frontier.Root);
            Assert.True(MerkleFrontier.TryParse(frontier.ToArray(), out var read));
            Assert.Equal(frontier.Root, read.Root);
            Assert.Equal(size, read.Size);
            if (size < leaves.Length)
                frontier.Append(leaves[size]);
        }
    }

    [Fact]
    public void Append_WithCompletedNodes_GivesTheRootsOfFullSubtrees()
    {
        var leaves = Leaves(64);
        var frontier = new MerkleFrontier();
        var completed = new Hash32[64];
        for (int i = 0; i < leaves.Length; i++)
        {
            int count = frontier.Append(leaves[i], completed);
            Assert.Equal(1 + long.TrailingZeroCount(i + 1), count);
            for (int level = 0; level < count; level++)
                Assert.Equal(Mth(leaves.AsSpan(i + 1 - (1 << level), 1 << level)), completed[level]);
        }
    }

    [Fact]
    public void AppendSubtree_OfFullSubtrees_EqualsAppendingLeaves()
    {
        var leaves = Leaves(100);
        var frontier = new MerkleFrontier();
        frontier.AppendSubtree(6, Mth(leaves.AsSpan(0, 64)));
        frontier.AppendSubtree(5, Mth(leaves.AsSpan(64, 32)));
        frontier.AppendSubtree(2, Mth(leaves.AsSpan(96, 4)));
        Assert.Equal(Mth(leaves), frontier.Root);
        Assert.Throws<ArgumentException>(() => frontier.AppendSubtree(3, default));
    }

    [Fact]
    public void Clone_AfterAppendingToIt_LeavesTheOriginal()
    {
        var frontier = new MerkleFrontier();
        frontier.Append(Rfc6962.LeafHash("a"u8));
        var root = frontier.Root;
        frontier.Clone().Append(Rfc6962.LeafHash("b"u8));
        Assert.Equal((1, root), (frontier.Size, frontier.Root));
    }

    [Fact]
    public void TryParse_WrongLengthOrSize_IsRefused()
    {
        byte[] bytes = [0, 0, 0, 0, 0, 0, 0, 1, .. new byte[32]];
        Assert.True(MerkleFrontier.TryParse(bytes, out _));
        Assert.False(MerkleFrontier.TryParse(bytes.AsSpan(..^1), out _));
        Assert.False(MerkleFrontier.TryParse([.. bytes, 0], out _));
        Assert.False(MerkleFrontier.TryParse([], out _));
        Assert.False(MerkleFrontier.TryParse([0x80, .. bytes.AsSpan(1)], out _));
    }

    [Fact]
    public void Inclusion_AnyLeafOfAnyTree_VerifiesAndNothingElseDoes() => Check.One(Runs, Prop.ForAll(
        Gen.Choose(1, 700).SelectMany(size => Gen.Choose(0, size - 1), (size, index) => (size, index)).ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        (tree, noise) =>
        {
            var (size, index) = tree;
            var leaves = Leaves(size);
            var root = Mth(leaves);
            Assert.True(MerkleProver.TryProveInclusion(index, size, Reader(leaves), out var proof));
            Assert.True(MerkleVerifier.VerifyInclusion(index, size, leaves[index], proof, root));
            bool Verify(Hash32 leaf, Hash32[] path, Hash32 top) => MerkleVerifier.VerifyInclusion(index, size, leaf, path, top);
            Assert.False(Verify(Flip(leaves[index], noise), proof, root));
            Assert.False(Verify(leaves[index], proof, Flip(root, noise)));
            AssertNoOtherProof(proof, noise, path => Verify(leaves[index], path, root));
            Assert.False(MerkleVerifier.VerifyInclusion(index - 1, size, leaves[index], proof, root));
            Assert.False(MerkleVerifier.VerifyInclusion(index + 1, size, leaves[index], proof, root));
            Assert.False(MerkleVerifier.VerifyInclusion(size, size, leaves[index], proof, root));
        }));

    [Fact]
    public void Consistency_AnyTwoSizes_VerifiesAndNothingElseDoes() => Check.One(Runs, Prop.ForAll(
        Gen.Choose(0, 700).SelectMany(size => Gen.Choose(0, size), (size, old) => (size, old)).ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        (tree, noise) =>
        {
            var (size, old) = tree;
            var leaves = Leaves(size);
            Hash32 root = Mth(leaves), oldRoot = Mth(leaves.AsSpan(0, old));
            Assert.True(MerkleProver.TryProveConsistency(old, size, Reader(leaves), out var proof));
            bool Verify(Hash32 first, Hash32 second, Hash32[] path) => MerkleVerifier.VerifyConsistency(old, size, first, second, path);
            Assert.True(Verify(oldRoot, root, proof));
            Assert.False(Verify(Flip(oldRoot, noise), root, proof));
            if (old > 0 || size == 0)
                Assert.False(Verify(oldRoot, Flip(root, noise), proof));
            AssertNoOtherProof(proof, noise, path => Verify(oldRoot, root, path));
            Assert.False(MerkleVerifier.VerifyConsistency(size + 1, size, root, oldRoot, proof));
        }));

    [Fact]
    public void Prover_OutOfRangeOrMissingNodes_Refuses()
    {
        var leaves = Leaves(5);
        static bool Nothing(int level, long index, out Hash32 hash)
        {
            hash = default;
            return false;
        }
        Assert.False(MerkleProver.TryProveInclusion(5, 5, Reader(leaves), out _));
        Assert.False(MerkleProver.TryProveInclusion(-1, 5, Reader(leaves), out _));
        Assert.False(MerkleProver.TryProveConsistency(6, 5, Reader(leaves), out _));
        Assert.False(MerkleProver.TryProveConsistency(-1, 5, Reader(leaves), out _));
        Assert.False(MerkleProver.TryProveInclusion(1, 5, Nothing, out _));
        Assert.False(MerkleProver.TryProveConsistency(3, 5, Nothing, out _));
        Assert.False(MerkleProver.TryRoot(5, Nothing, out _));
        Assert.True(MerkleProver.TryRoot(5, Reader(leaves), out var root) && root == Mth(leaves));
        Assert.True(MerkleProver.TryRoot(0, Nothing, out root) && root == Rfc6962.EmptyRoot);
    }

    private static void AssertNoOtherProof(Hash32[] proof, int noise, Func<Hash32[], bool> verify)
    {
        for (int i = 0; i < proof.Length; i++)
        {
            Hash32[] flipped = [.. proof];
            flipped[i] = Flip(proof[i], noise + i);
            Assert.False(verify(flipped));
            Assert.False(verify([.. proof[..i], .. proof[(i + 1)..]]));
        }
        Assert.False(verify([.. proof, default]));
        Assert.False(verify([default, .. proof]));
    }

    private static Hash32 Flip(Hash32 hash, int bit)
    {
        byte[] bytes = hash.ToArray();
        bytes[bit / 8 % 32] ^= (byte)(1 << bit % 8);
        return new Hash32(bytes);
    }

    private static Hash32[] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Rfc6962.LeafHash(BitConverter.GetBytes(i)))];

    private static MerkleNodeReader Reader(Hash32[] leaves) => (int level, long index, out Hash32 hash) =>
    {
        hash = Mth(leaves.AsSpan((int)(index << level), 1 << level));
        return true;
    };

    // RFC 6962, section 2.1, word for word.
    private static Hash32 Mth(ReadOnlySpan<Hash32> leaves)
    {
        if (leaves.Length <= 1)
            return leaves.IsEmpty ? Rfc6962.EmptyRoot : leaves[0];
        int k = 1;
        while (2 * k < leaves.Length)
            k *= 2;
        return Rfc6962.NodeHash(Mth(leaves[..k]), Mth(leaves[k..]));
    }
}
