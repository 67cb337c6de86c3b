using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>A log with each kind of leaf, each kind of act, refused events, an empty batch and a skipped duplicate.</summary>
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
        Supplies(ledger);
        Disputes(ledger);
        Emergency(ledger);
        ledger.Recover();
        ledger.Block(story.Suspend(Story.Pharmacist));
        ledger.Block(story.Reinstate(Story.Pharmacist));
        var proposal = story.Propose(Story.Remove(FixedNetwork.Insurer));
        Accepted(ledger, proposal, story.Vote(proposal, FixedNetwork.Hospital));
        return ledger;
    }

    // Bound to a pharmacy, claimed by presence, held, supplied in time and late, taken back.
    private static void Supplies(TestLedger ledger)
    {
        var story = ledger.Story;
        Accepted(ledger, story.Issue("rx-3"), story.BindToken("rx-3", FixedNetwork.PharmacyA), story.ClaimByPresence("rx-3"));
        Accepted(ledger, story.Hold("rx-3"), story.Query("rx-3"), story.Confirm("rx-3"), story.ExtendClaim("rx-3"));
        Refused(Outcome.Held, ledger, story.Dispense("rx-3", 5));
        story.Forget("rx-3");
        Accepted(ledger, story.LiftHold("rx-3"));
        story.NowMs++;
        var dispense = story.DispenseForInsurer("rx-3", 5, "pack-3");
        var late = story.RecordSupply("rx-3", 4, story.NowMs - 1_200_000);
        Accepted(ledger, dispense, late, story.Correct("rx-3", late), story.Settle("rx-3", dispense));
        Accepted(ledger, story.Reverse("rx-3", dispense, 0), story.AdjustSettlement("rx-3", dispense));
        Accepted(ledger, story.Erase("rx-2"));
    }

    // The patient and the hospital dispute an act; consents; who read the content.
    private static void Disputes(TestLedger ledger)
    {
        var story = ledger.Story;
        var issue = story.Issue("rx-4");
        var (one, two) = (story.PatientDispute("rx-4", issue), story.OpenDispute("rx-4", issue));
        Accepted(ledger, issue, one, two, story.PatientAddsEvidence("rx-4", one), story.ExtendDispute("rx-4", two));
        Accepted(ledger, story.PatientWithdraws("rx-4", one), story.ResolveDispute("rx-4", two));
        Accepted(ledger, story.PatientConsents("rx-4", FixedNetwork.Insurer), story.RecordAccess("rx-4"));
        Accepted(ledger, story.PatientWithdrawsConsent("rx-4", FixedNetwork.Insurer), story.ClaimByOverride("rx-4"));
        Accepted(ledger, story.ReturnClaim("rx-4"), story.ReplaceToken("rx-4", "new token of rx-4"));
        Refused(Outcome.TokenReplaced, ledger, story.Claim("rx-4"));
    }

    // Supplied without a prescription, covered by one, which another replaces.
    private static void Emergency(TestLedger ledger)
    {
        var story = ledger.Story;
        Accepted(ledger, story.EmergencySupply("rx-5", 10), story.Issue("rx-6", change: issue => issue.Covers = Story.Id("rx-5")));
        Refused(Outcome.AlreadyCovered, ledger, story.Issue("rx-7", change: issue => issue.Covers = Story.Id("rx-5")));
        Accepted(ledger, story.Issue("rx-8", change: issue => issue.Replaces = Story.Id("rx-6")));
    }

    private static void Accepted(TestLedger ledger, params SignedEvent[] events) =>
        Assert.All(ledger.Block(events).Places, place => Assert.Equal(Outcome.Accepted, place.Outcome));

    private static void Refused(Outcome outcome, TestLedger ledger, SignedEvent refused) =>
        Assert.Equal(outcome, ledger.Block(refused).Places[0].Outcome);
}
