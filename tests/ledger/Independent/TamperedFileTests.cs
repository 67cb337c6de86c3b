using System.Text;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>Somebody changes published files without the keys: every changed byte is found.</summary>
public sealed class TamperedFileTests
{
    private const int Inconsistent = 1;
    private const int Usage = 2;
    private const int PolicyNotMet = 3;
    private const int CannotEvaluate = 4;
    private static readonly string Bundle = $"tile/entries/000.p/{SmallLog.Ledger.Leaves.Count}";
    private static readonly string HashTile = $"tile/0/000.p/{SmallLog.Ledger.Leaves.Count}";

    // Places within a leaf: the outcome, the payload, the last signature; height, tree root, state root, time, header of a seal.
    [Theory]
    [InlineData(SmallLog.Issue, 3)]
    [InlineData(SmallLog.Issue, 100)]
    [InlineData(SmallLog.Issue, -1)]
    [InlineData(SmallLog.SealOfIssue, 9)]
    [InlineData(SmallLog.SealOfIssue, 60)]
    [InlineData(SmallLog.SealOfIssue, 90)]
    [InlineData(SmallLog.SealOfIssue, 141)]
    [InlineData(SmallLog.SealOfIssue, 160)]
    public void Entries_OneByteChanged_NamesTheLeaf(int leaf, int place)
    {
        var files = Published.Files(SmallLog.Leaves());
        int start = 2 * leaf + 2 + SmallLog.Ledger.Leaves.Take(leaf).Sum(l => l.Length);
        int at = place >= 0 ? place : SmallLog.Ledger.Leaves[leaf].Length - 1;
        files[Bundle][start + at] ^= 1;
        Refused(files, Inconsistent, $"leaf {leaf}");
    }

    [Fact]
    public void HashTile_OneByteChanged_NamesTheLeaf()
    {
        var files = Published.Files(SmallLog.Leaves());
        files[HashTile][32 * 4] ^= 1;
        Refused(files, Inconsistent, "leaf 4");
    }

    [Fact]
    public void Entries_TwoLeavesExchanged_Inconsistent()
    {
        var files = Published.Files(SmallLog.Leaves());
        var leaves = SmallLog.Leaves();
        (leaves[2], leaves[3]) = (leaves[3], leaves[2]);
        files[Bundle] = TileFiles.Of(leaves)[Bundle];
        Refused(files, Inconsistent, "leaf 2");
    }

    [Fact]
    public void Tail_Dropped_CannotEvaluate()
    {
        var whole = Published.Files(SmallLog.Leaves());
        var files = Published.Files(SmallLog.Leaves()[..^4]);
        files["checkpoint"] = whole["checkpoint"];
        Refused(files, CannotEvaluate, "missing");
    }

    [Fact]
    public void Checkpoint_SizeOrRootChanged_SignatureFails()
    {
        int size = SmallLog.Ledger.Leaves.Count;
        Refused(WithCheckpoint($"\n{size}\n", $"\n{size - 1}\n"), Inconsistent, "does not verify");
        string root = SmallLog.Ledger.Head.Tree.Root.ToBase64();
        Refused(WithCheckpoint(root, Hash32.Sha256([]).ToBase64()), Inconsistent, "does not verify");
    }

    [Fact]
    public void Checkpoint_OriginChanged_SignatureFails() =>
        Refused(WithCheckpoint(FixedNetwork.Origin + "\n", FixedNetwork.Origin + "0\n"), Inconsistent, "does not verify");

    [Fact]
    public void Checkpoint_CosignerMissing_PolicyNotMet()
    {
        var files = Published.Files(SmallLog.Leaves(), FixedNetwork.Validators[..2]);
        Refused(files, PolicyNotMet, "2 cosignatures are not a quorum");
    }

    [Fact]
    public void Policy_KeyNamesChanged_IsNoPolicy()
    {
        string policy = FixedNetwork.Genesis().QuorumText.Replace(FixedNetwork.Origin, "rx.example/fedcba9876543210", StringComparison.Ordinal);
        var (exitCode, output) = SecondVerifier.Tiles(Published.Files(SmallLog.Leaves()), policy);
        Assert.True(exitCode == Usage, output);
    }

    [Fact]
    public void Policy_OfOtherKeys_PolicyNotMet()
    {
        var other = VerifierKey.Create(FixedNetwork.Origin, NoteAlgorithm.Ed25519, FixedKeys.Ed25519("another log").PublicKey);
        var (exitCode, output) = SecondVerifier.Tiles(Published.Files(SmallLog.Leaves()), $"log {other}\nquorum none\n");
        Assert.True(exitCode == PolicyNotMet, output);
    }

    private static SortedDictionary<string, byte[]> WithCheckpoint(string old, string changed)
    {
        var files = Published.Files(SmallLog.Leaves());
        string text = Encoding.UTF8.GetString(files["checkpoint"]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        files["checkpoint"] = Encoding.UTF8.GetBytes(text.Replace(old, changed, StringComparison.Ordinal));
        return files;
    }

    private static void Refused(SortedDictionary<string, byte[]> files, int expected, string says)
    {
        var (exitCode, output) = SecondVerifier.Tiles(files);
        Assert.True(exitCode == expected, output);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }
}
