using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>The second verifier accepts what an honest node publishes.</summary>
public sealed class HonestLogTests
{
    [Fact]
    public void Tiles_SmallLog_Verified()
    {
        var (exitCode, output) = SecondVerifier.Tiles(Published.Files(SmallLog.Leaves()));
        Assert.True(exitCode == 0, output);
        int events = SmallLog.Ledger.Leaves.Count(leaf => leaf[1] == 2);
        Assert.Contains($"{events} events in {SmallLog.Ledger.Seals.Count} blocks", output, StringComparison.Ordinal);
        Assert.Contains("the contract was not executed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void SmallLog_EveryAct_IsThereAccepted()
    {
        var leaves = SmallLog.Ledger.Leaves.Where(leaf => leaf[1] == 2 && leaf[2] == 0 && leaf[3] == 0);
        var acts = leaves.Select(leaf => Story.Parse(leaf[4..]).Event.ActCase).ToHashSet();
        Assert.Empty(Enum.GetValues<Event.ActOneofCase>().Except([Event.ActOneofCase.None, .. acts]));
    }

    [Fact]
    public void Tiles_MoreThanOneTile_Verified()
    {
        var ledger = TestLedger.WithPeople();
        while (ledger.Leaves.Count < 600)
            ledger.Block();
        var (exitCode, output) = SecondVerifier.Tiles(Published.Files(ledger.Leaves));
        Assert.True(exitCode == 0, output);
        Assert.Contains("4 hash tiles", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiles_EveryQuorum_Verified()
    {
        foreach (string absent in FixedNetwork.Validators)
        {
            var files = Published.Files(SmallLog.Leaves(), [.. FixedNetwork.Validators.Where(name => name != absent)]);
            Assert.Equal(0, SecondVerifier.Tiles(files).ExitCode);
        }
    }

    [Fact]
    public void Receipt_EveryLeaf_Verified()
    {
        for (int index = 0; index < SmallLog.Ledger.Leaves.Count; index++)
        {
            var (exitCode, output) = SecondVerifier.Receipt(SmallLog.Ledger.Receipt(index).ToBytes(), SmallLog.Ledger.Leaves[index]);
            Assert.True(exitCode == 0, output);
        }
    }
}
