using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>
/// A quorum signs a tree over leaves that no honest node makes. Tiles and checkpoint are sound then; what the leaves say is not.
/// </summary>
public sealed class LyingQuorumTests
{
    private static readonly int Last = SmallLog.Ledger.Leaves.Count - 1;

    // Last byte of: height, first leaf, count, previous seal, tree root, epoch, ledger time, skipped; network of the header; its signature.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(21)]
    [InlineData(53)]
    [InlineData(85)]
    [InlineData(125)]
    [InlineData(141)]
    [InlineData(143)]
    [InlineData(160)]
    [InlineData(-1)]
    public void LastSeal_AFieldChanged_Refused(int place)
    {
        var leaves = SmallLog.Leaves();
        leaves[Last][place >= 0 ? place : leaves[Last].Length - 1] ^= 1;
        Refused(leaves, $"leaf {Last}");
    }

    [Theory]
    [InlineData(86)]
    [InlineData(126)]
    public void EarlierSeal_StateRootOrPositionChanged_BreaksTheHashChain(int place)
    {
        var leaves = SmallLog.Leaves();
        leaves[SmallLog.SealOfIssue][place] ^= 1;
        Refused(leaves, "previous seal hash");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-1)]
    public void Event_PayloadOrSignatureChanged_Refused(int place)
    {
        var leaves = SmallLog.Leaves();
        byte[] leaf = leaves[SmallLog.Issue];
        leaf[place >= 0 ? place : leaf.Length - 1] ^= 1;
        Refused(leaves, "leaf");
    }

    [Fact]
    public void Outcome_Changed_RefusedByTheTreeRoot()
    {
        var leaves = SmallLog.Leaves();
        leaves[SmallLog.Issue][3] = 122;
        Refused(leaves, "tree root");
    }

    [Fact]
    public void Outcome_OfAnEventThatIsNeverLogged_Refused()
    {
        var leaves = SmallLog.Leaves();
        leaves[SmallLog.Issue][3] = 5;
        Refused(leaves, "outcome 5");
    }

    [Fact]
    public void Leaves_Reordered_Refused()
    {
        var leaves = SmallLog.Leaves();
        (leaves[2], leaves[3]) = (leaves[3], leaves[2]);
        Refused(leaves, "leaf 4");
    }

    [Fact]
    public void Event_Dropped_Refused()
    {
        var leaves = SmallLog.Leaves();
        leaves.RemoveAt(SmallLog.Issue);
        Refused(leaves, "event count");
    }

    [Fact]
    public void Block_Dropped_Refused()
    {
        var leaves = SmallLog.Leaves();
        leaves.RemoveRange(SmallLog.Issue, 2);
        Refused(leaves, "height");
    }

    [Fact]
    public void LastSeal_Dropped_Refused() => Refused(SmallLog.Leaves()[..^1], "the last leaf is not a seal");

    [Fact]
    public void Genesis_CardSignatureChanged_Refused()
    {
        var leaves = SmallLog.Leaves();
        byte[] card = FixedNetwork.Card(FixedNetwork.Insurer, false, Prescriptions.Events.Role.Insurer).Bytes;
        int at = leaves[0].AsSpan().IndexOf(card) + card.Length - 1;
        leaves[0][at] ^= 1;
        Refused(leaves, "genesis");
    }

    [Fact]
    public void Genesis_QuorumOfTwo_Refused()
    {
        var genesis = FixedNetwork.Genesis() with { QuorumText = FixedNetwork.Quorum(FixedNetwork.Members(), 2) };
        var leaves = SmallLog.Leaves();
        leaves[0] = genesis.ToArray();
        Refused(leaves, "fewer than 3 of 4");
    }

    private static void Refused(List<byte[]> leaves, string says)
    {
        var (exitCode, output) = SecondVerifier.Tiles(Published.Files(leaves));
        Assert.True(exitCode == 1, output);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }
}
