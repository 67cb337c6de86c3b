using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>A log with each kind of leaf, a refused event, an empty batch and a skipped duplicate.</summary>
internal static class SmallLog
{
    /// <summary>Leaf of the Issue of rx-1.</summary>
    public const int Issue = 5;

    /// <summary>Seal of the block of that leaf.</summary>
    public const int SealOfIssue = 6;

    private static readonly Lazy<TestLedger> Made = new(Make);

    public static TestLedger Ledger => Made.Value;

    /// <summary>Leaves of one's own, to change.</summary>
    public static List<byte[]> Leaves() => [.. Ledger.Leaves.Select(leaf => (byte[])leaf.Clone())];

    private static TestLedger Make()
    {
        var ledger = TestLedger.WithPeople();
        var story = ledger.Story;
        var issue = story.Issue("rx-1");
        ledger.Block(issue);
        var late = story.Claim("rx-1", FixedNetwork.PharmacyB);
        story.Forget("rx-1");
        var claim = story.Claim("rx-1");
        Assert.Equal(Outcome.Stale, ledger.Block(claim, late, issue).Places[1].Outcome);
        ledger.Block(story.Dispense("rx-1", 20, "pack-1", "pack-2"));
        ledger.Block();
        ledger.Block(story.Issue("rx-2"), story.Close("rx-1"), story.PatientCancel("rx-2"));
        return ledger;
    }
}
