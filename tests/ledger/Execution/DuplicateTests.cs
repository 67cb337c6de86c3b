using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>An event is logged once, and always has the place where it was logged first.</summary>
public sealed class DuplicateTests
{
    private const long MinuteMs = 60_000;
    private readonly TestLedger _ledger = TestLedger.WithPeople();

    [Fact]
    public void Execute_SameEventTwiceInABatch_LogsItOnce()
    {
        var (one, two) = (_ledger.Story.Issue("rx-1"), _ledger.Story.Issue("rx-2"));
        var block = _ledger.Block(one, one, two, one);
        Assert.Equal(2, block.Seal.EventCount);
        Assert.Equal([1, 3], block.Seal.Skipped.Select(s => s.Place));
        Assert.All(block.Seal.Skipped, s => Assert.Equal(one.EnvelopeHash, s.EnvelopeHash));
        Assert.Equal([false, true, false, true], block.Places.Select(p => p.Duplicate));
        Assert.Equal(block.Places[0].LeafIndex, block.Places[3].LeafIndex);
    }

    [Fact]
    public void Execute_AcceptedEventAgainInALaterBlock_HasItsFirstPlace()
    {
        var issue = _ledger.Story.Issue("rx-1");
        var first = _ledger.Block(issue).Places[0];
        _ledger.Block(_ledger.Story.Claim("rx-1"));
        var again = _ledger.Block(issue, _ledger.Story.Issue("rx-2")).Places[0];
        Assert.Equal(first with { Duplicate = true }, again);
    }

    [Fact]
    public void Execute_SameEventUnderOtherSignatures_IsADuplicate()
    {
        var issue = _ledger.Story.Issue("rx-1");
        _ledger.Block(issue);
        byte[] other = [.. issue.Bytes.Span];
        using (var key = FixedKeys.P256(FixedNetwork.Hospital))
            key.SignDigest(issue.EventId).CopyTo(other, other.Length - 130);
        var resigned = Story.Parse(other);
        Assert.NotEqual(issue.EnvelopeHash, resigned.EnvelopeHash);
        Assert.True(_ledger.Block(resigned, _ledger.Story.Issue("rx-2")).Places[0].Duplicate);
    }

    [Fact]
    public void Execute_NothingButDuplicates_MakesNoBlock()
    {
        var issue = _ledger.Story.Issue("rx-1");
        _ledger.Block(issue);
        Assert.Null(_ledger.Try(_ledger.Header(issue, issue), out string reason, [issue, issue]));
        Assert.Empty(reason);
    }

    [Fact]
    public void Execute_RefusedEventAgain_HasItsFirstOutcomeUntilForgotten()
    {
        var early = Refuse(out var first);
        Assert.Equal(first with { Duplicate = true }, Again(early));
        Forget(blocks: 9, minutes: 0);
        Assert.True(Again(early).Duplicate);
        Forget(blocks: 0, minutes: 14);
        Assert.True(Again(early).Duplicate);
        Forget(blocks: 0, minutes: 2);
        var later = Again(early);
        Assert.Equal((Outcome.TimeTooOld, false), (later.Outcome, later.Duplicate));
        Assert.Equal(later with { Duplicate = true }, Again(early));
    }

    [Fact]
    public void Execute_SideActAgain_HasItsFirstPlace()
    {
        _ledger.Block(_ledger.Story.Issue("rx-1"));
        var (hold, access) = (_ledger.Story.Hold("rx-1"), _ledger.Story.RecordAccess("rx-1"));
        var places = _ledger.Block(hold, access, hold).Places;
        Assert.Equal([(Outcome.Accepted, false), (Outcome.Accepted, false), (Outcome.Accepted, true)], places.Select(p => (p.Outcome, p.Duplicate)));
        Assert.Equal(places[0].LeafIndex, places[2].LeafIndex);
        _ledger.Block(_ledger.Story.Claim("rx-1"));
        var again = _ledger.Block(access, _ledger.Story.Issue("rx-2"), hold).Places;
        Assert.Equal(places[1] with { Duplicate = true }, again[0]);
        Assert.Equal(places[0] with { Duplicate = true }, again[2]);
        Assert.Null(_ledger.Try(_ledger.Header(hold, access), out string reason, [hold, access]));
        Assert.Empty(reason);
    }

    [Fact]
    public void Execute_RefusedSideActAgain_HasItsFirstOutcome()
    {
        _ledger.Block(_ledger.Story.Issue("rx-1"));
        var lift = _ledger.Story.LiftHold("rx-1");
        var first = _ledger.Block(lift).Places[0];
        Assert.Equal(Outcome.NotHeld, first.Outcome);
        Assert.Equal(first with { Duplicate = true }, _ledger.Block(_ledger.Story.Hold("rx-1"), lift).Places[1]);
        _ledger.Story.NowMs++;
        Assert.Equal(Outcome.Accepted, _ledger.Block(_ledger.Story.LiftHold("rx-1")).Places[0].Outcome);
    }

    [Fact]
    public void Execute_RefusedLateSupply_IsRememberedForTheReportingPeriod()
    {
        _ledger.Story.Issue("rx-1");
        var supply = _ledger.Story.RecordSupply("rx-1", 1, _ledger.Story.NowMs - 24 * 60 * MinuteMs);
        var first = _ledger.Block(supply).Places[0];
        Assert.Equal(Outcome.NotFound, first.Outcome);
        Forget(blocks: 9, minutes: 60);
        Assert.Equal(first with { Duplicate = true }, Again(supply));
        Forget(blocks: 0, minutes: 7 * 24 * 60 - 62);
        Assert.Equal(first with { Duplicate = true }, Again(supply));
        Forget(blocks: 0, minutes: 3);
        var later = Again(supply);
        Assert.Equal((Outcome.ReportedTooLate, false), (later.Outcome, later.Duplicate));
        Assert.Equal(later with { Duplicate = true }, Again(supply));
    }

    [Fact]
    public void Execute_RefusedEventBeforeTheHeightIsPast_IsRemembered()
    {
        var early = Refuse(out _);
        Forget(blocks: 0, minutes: 60);
        Assert.True(Again(early).Duplicate);
    }

    // A claim of a prescription that does not exist.
    private SignedEvent Refuse(out RxChain.Ledger.Execution.EventPlace place)
    {
        _ledger.Story.Issue("rx-1");
        var claim = _ledger.Story.Claim("rx-1");
        place = _ledger.Block(claim).Places[0];
        Assert.Equal(Outcome.NotFound, place.Outcome);
        return claim;
    }

    private RxChain.Ledger.Execution.EventPlace Again(SignedEvent e) =>
        _ledger.Block(e, _ledger.Story.Issue($"rx at {_ledger.Head.Height}")).Places[0];

    // Passes heights without time, or time by three blocks.
    private void Forget(int blocks, int minutes)
    {
        for (int i = 0; i < blocks; i++)
            _ledger.Block(_ledger.Story.Issue($"rx at {_ledger.Head.Height}"));
        _ledger.ClockMs += minutes * MinuteMs;
        for (int i = 0; i < 3 && minutes > 0; i++)
            _ledger.Block();
    }
}
