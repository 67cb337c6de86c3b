using RxChain.Ledger.Evidence;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Tests.Evidence;

public sealed class EquivocationProofTests
{
    private const string Liar = FixedNetwork.PharmacyA;
    private static readonly Hash32[] Leaves = [.. Enumerable.Range(0, 7).Select(i => Rfc6962.LeafHash([(byte)i]))];

    public static TheoryData<string> Proofs => ["same size", "two sizes", "reports"];

    [Theory]
    [MemberData(nameof(Proofs))]
    public void Check_StatementsContradict_HoldsAndKeepsItsBytes(string which)
    {
        byte[] bytes = Make(which).ToBytes();
        Assert.True(EquivocationProof.TryParse(bytes, out var read));
        Assert.Null(read.Check(FixedNetwork.Origin));
        Assert.Equal(bytes, read.ToBytes());
        Assert.NotNull(read.Check("rx.example/another"));
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public void Check_AnyByteChanged_NoLongerHolds(string which)
    {
        byte[] bytes = Make(which).ToBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.False(EquivocationProof.TryParse(bytes, out var read) && read.Check(FixedNetwork.Origin) is null, $"byte {i}");
            bytes[i] ^= 1;
        }
        Assert.False(EquivocationProof.TryParse(bytes.AsMemory(1), out _));
        Assert.False(EquivocationProof.TryParse((byte[])[.. bytes, 0], out _));
    }

    [Fact]
    public void Check_HeadsOfOneLog_DoNotContradict()
    {
        var honest = TwoSizes(RootOf(4));
        Assert.Equal("the checkpoints are consistent", honest.Check(FixedNetwork.Origin));
        var same = Make("same size");
        Assert.NotNull((same with { Second = same.First }).Check(FixedNetwork.Origin));
    }

    [Fact]
    public void Check_ReportsOfTwoEpochs_DoNotContradict()
    {
        var proof = Reports(secondEpoch: 1);
        Assert.Equal("the reports are of different epochs", proof.Check(FixedNetwork.Origin));
    }

    [Fact]
    public void Check_RootInSecondIsInvented_DoesNotHold()
    {
        var framed = TwoSizes(RootOf(4)) with { RootInSecond = RootOf(3) };
        Assert.NotNull(framed.Check(FixedNetwork.Origin));
    }

    private static EquivocationProof Make(string which) => which switch
    {
        "same size" => Proof(EquivocationKind.Cosignatures, "cosigner", Cosigned(7, RootOf(7)), Cosigned(7, RootOf(6))),
        "two sizes" => TwoSizes(RootOf(5)),
        _ => Reports(secondEpoch: 0),
    };

    // At size 4 it signed another root; the log of 7 leaves that it signed too has the right one there.
    private static EquivocationProof TwoSizes(Hash32 signedAtFour)
    {
        Assert.True(MerkleProver.TryProveConsistency(4, 7, Node, out var consistency));
        return Proof(EquivocationKind.Cosignatures, "cosigner", Cosigned(4, signedAtFour), Cosigned(7, RootOf(7))) with
        {
            RootInSecond = RootOf(4),
            Consistency = consistency,
        };
    }

    private static EquivocationProof Reports(ulong secondEpoch) => Proof(
        EquivocationKind.HeadReports, "node", Report(0, (4, RootOf(4)), (7, RootOf(7))), Report(secondEpoch, (7, RootOf(6))));

    private static EquivocationProof Proof(EquivocationKind kind, string key, byte[] first, byte[] second) => new()
    {
        Kind = kind,
        Validator = Liar,
        Key = FixedNetwork.Key(Liar, key).PublicKey,
        First = first,
        Second = second,
    };

    private static byte[] Cosigned(long size, Hash32 root)
    {
        var checkpoint = new Checkpoint(FixedNetwork.Origin, size, root);
        return new SignedCheckpoint(checkpoint, [new Cosigner(Liar, FixedNetwork.Key(Liar, "cosigner")).Sign(checkpoint, 5)]).ToBytes();
    }

    private static byte[] Report(ulong epoch, params (long Size, Hash32 Root)[] heads)
    {
        byte[] text = new HeadReportText(FixedNetwork.Origin, epoch, Liar, heads).ToBytes();
        return [.. text, .. FixedNetwork.Key(Liar, "node").Sign(text)];
    }

    private static Hash32 RootOf(int size)
    {
        Assert.True(MerkleProver.TryRoot(size, Node, out var root));
        return root;
    }

    private static bool Node(int level, long index, out Hash32 hash)
    {
        hash = level == 0 ? Leaves[index] : default;
        return level == 0 || (Node(level - 1, 2 * index, out var left) && Node(level - 1, (2 * index) + 1, out var right)
            && (hash = Rfc6962.NodeHash(left, right)) != default);
    }
}
