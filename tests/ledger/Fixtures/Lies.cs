using RxChain.Ledger.Evidence;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Tests.Fixtures;

/// <summary>
/// Contradicting statements of a validator about a log of seven leaves, the bytes 0 to 6, and proofs made of them.
/// </summary>
internal sealed record Lies
{
    private static readonly Hash32[] Leaves = [.. Enumerable.Range(0, 7).Select(i => Rfc6962.LeafHash([(byte)i]))];

    /// <summary>In whose name.</summary>
    public string Name { get; init; } = FixedNetwork.PharmacyA;

    /// <summary>Label of the keys that sign; its own, if null.</summary>
    public string? Label { get; init; }

    /// <summary>Purpose of the key that cosigns.</summary>
    public string CosignsWith { get; init; } = "cosigner";

    public string Network { get; init; } = FixedNetwork.Origin;

    /// <summary>A proof of each kind that holds, by name.</summary>
    public IReadOnlyDictionary<string, EquivocationProof> Proofs => new Dictionary<string, EquivocationProof>
    {
        ["same_size"] = SameSize(),
        ["two_sizes"] = TwoSizes(RootOf(5)),
        ["reports"] = Reports(),
    };

    /// <summary>It cosigned seven leaves with the right root and with another.</summary>
    public EquivocationProof SameSize() => Proof(EquivocationKind.Cosignatures, CosignsWith, Cosigned(7, RootOf(7)), Cosigned(7, RootOf(6)));

    /// <summary>It cosigned the seven leaves, and for the first four of them this root.</summary>
    public EquivocationProof TwoSizes(Hash32 signedAtFour) => Between(4, signedAtFour, 7);

    /// <summary>It cosigned the first leaves of the log, and for fewer or as many of them this root.</summary>
    public EquivocationProof Between(int size, Hash32 signed, int ofSize)
    {
        MerkleProver.TryProveConsistency(size, ofSize, Node, out var consistency);
        return Proof(EquivocationKind.Cosignatures, CosignsWith, Cosigned(size, signed), Cosigned(ofSize, RootOf(ofSize))) with
        {
            RootInSecond = size == ofSize ? default : RootOf(size),
            Consistency = consistency ?? [],
        };
    }

    /// <summary>It reported four and seven leaves in epoch 0, and then seven with another root, in this epoch.</summary>
    public EquivocationProof Reports(ulong secondEpoch = 0) => Proof(
        EquivocationKind.HeadReports, "node", Report(0, (4, RootOf(4)), (7, RootOf(7))), Report(secondEpoch, (7, RootOf(6))));

    /// <summary>What it signs to report heads.</summary>
    public byte[] ReportText(ulong epoch, params (long Size, Hash32 Root)[] heads) => new HeadReportText(Network, epoch, Name, heads).ToBytes();

    /// <summary>A head report and its signature.</summary>
    public byte[] Report(ulong epoch, params (long Size, Hash32 Root)[] heads)
    {
        byte[] text = ReportText(epoch, heads);
        return [.. text, .. FixedNetwork.Key(Label ?? Name, "node").Sign(text)];
    }

    /// <summary>A checkpoint with its cosignature.</summary>
    public byte[] Cosigned(long size, Hash32 root)
    {
        var checkpoint = new Checkpoint(Network, size, root);
        return new SignedCheckpoint(checkpoint, [new Cosigner(Name, FixedNetwork.Key(Label ?? Name, CosignsWith)).Sign(checkpoint, 5)]).ToBytes();
    }

    /// <summary>Root of the first leaves.</summary>
    public static Hash32 RootOf(int size)
    {
        Assert.True(MerkleProver.TryRoot(size, Node, out var root));
        return root;
    }

    private EquivocationProof Proof(EquivocationKind kind, string purpose, byte[] first, byte[] second) => new()
    {
        Kind = kind,
        Validator = Name,
        Key = FixedNetwork.Key(Label ?? Name, purpose).PublicKey,
        First = first,
        Second = second,
    };

    private static bool Node(int level, long index, out Hash32 hash)
    {
        hash = level == 0 ? Leaves[index] : default;
        return level == 0 || (Node(level - 1, 2 * index, out var left) && Node(level - 1, (2 * index) + 1, out var right)
            && (hash = Rfc6962.NodeHash(left, right)) != default);
    }
}
