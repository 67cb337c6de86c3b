using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>A receipt holds for one leaf at one place under one checkpoint.</summary>
public sealed class TamperedReceiptTests
{
    private static readonly TlogProof Receipt = SmallLog.Ledger.Receipt(SmallLog.Issue);
    private static readonly byte[] Leaf = SmallLog.Ledger.Leaves[SmallLog.Issue];

    [Fact]
    public void Index_Changed_Refused() =>
        Refused(new TlogProof(Receipt.Index + 1, Receipt.Hashes, Receipt.Checkpoint), Leaf, 1);

    [Fact]
    public void Hash_Changed_Refused()
    {
        for (int i = 0; i < Receipt.Hashes.Count; i++)
        {
            var hashes = Receipt.Hashes.ToArray();
            hashes[i] = Hash32.Sha256(hashes[i].Span);
            Refused(new TlogProof(Receipt.Index, hashes, Receipt.Checkpoint), Leaf, 1);
        }
    }

    [Fact]
    public void Hash_MissingOrAdded_Refused()
    {
        Refused(new TlogProof(Receipt.Index, [.. Receipt.Hashes.SkipLast(1)], Receipt.Checkpoint), Leaf, 1);
        Refused(new TlogProof(Receipt.Index, [.. Receipt.Hashes, default], Receipt.Checkpoint), Leaf, 1);
    }

    [Fact]
    public void Leaf_OfAnotherPlace_Refused() => Refused(Receipt, SmallLog.Ledger.Leaves[SmallLog.Issue + 1], 1);

    [Fact]
    public void Cosigner_Missing_PolicyNotMet() =>
        Refused(new TlogProof(Receipt.Index, Receipt.Hashes, SmallLog.Ledger.Checkpoint(FixedNetwork.Validators[..2])), Leaf, 3);

    private static void Refused(TlogProof receipt, byte[] leaf, int expected)
    {
        var (exitCode, output) = SecondVerifier.Receipt(receipt.ToBytes(), leaf);
        Assert.True(exitCode == expected, output);
    }
}
