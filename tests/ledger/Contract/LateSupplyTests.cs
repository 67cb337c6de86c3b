using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>What was handed over and recorded later.</summary>
public class LateSupplyTests
{
    private const uint ExcessSupply = 1;
    private const uint PackConflict = 2;

    private readonly World world = new();

    private uint LastMarks => world.Stored.Acts[^1].Marks;

    private Event Late(long handedOverMs, uint units = 1) => world.RecordSupply(handedOverMs, Item(0, units));

    private static Event WithToken(Event e, string token = TokenName) => Changed(e, c => c.RecordSupply.Token = Token(token));

    [Theory]
    [InlineData(-1, Outcome.NoClaimThen)]
    [InlineData(0, Outcome.Accepted)]
    [InlineData((2 * Hour) - 1, Outcome.Accepted)]
    [InlineData(2 * Hour, Outcome.NoClaimThen)]
    public void RecordSupply_AroundALapsedClaim_NeedsTheClaimOfThatMoment(long msAfterClaim, Outcome expected)
    {
        world.Now += Minute;
        world.Done(Changed(world.Issue(), e => e.TimeMs -= Minute)).Done(world.Claim());
        long handedOver = world.Now + msAfterClaim;
        world.Now += Day;
        Assert.Equal(expected, world.Do(Late(handedOver)));
    }

    [Theory]
    [InlineData(-1, Outcome.Accepted)]
    [InlineData(0, Outcome.NoClaimThen)]
    public void RecordSupply_ClockAheadOfARunningClaim_EndsWithTheClaim(long msAfterEnd, Outcome expected)
    {
        world.Done(world.Issue()).Done(world.Claim());
        world.Now = world.Stored.ClaimUntilMs - Minute;
        Assert.Equal(expected, world.Do(Late(world.Stored.ClaimUntilMs + msAfterEnd)));
    }

    [Fact]
    public void RecordSupply_AfterReturn_EndsWithTheReturn()
    {
        world.Done(world.Issue()).Done(world.Claim());
        world.Now += Hour;
        world.Done(world.Return());
        Assert.Equal(Outcome.NoClaimThen, world.Do(Late(world.Now)));
        Assert.Equal(Outcome.Accepted, world.Do(Late(world.Now - 1)));
    }

    [Fact]
    public void RecordSupply_OfAnotherPharmacysClaim_IsRefused()
    {
        world.Done(world.Issue()).Done(world.Claim());
        Event e = world.RecordSupplyAt("pharmacy-b", "pharmacist-b", world.Now, Item(0, 1));
        Assert.Equal(Outcome.NoClaimThen, world.Do(e));
    }

    [Theory]
    [InlineData(7 * Day, 7 * Day, Outcome.Accepted)]
    [InlineData(7 * Day, (7 * Day) + 1, Outcome.ReportedTooLate)]
    [InlineData(0, 15 * Minute, Outcome.Accepted)]
    [InlineData(0, (15 * Minute) + 1, Outcome.ReportedTooLate)]
    public void RecordSupply_ReportingPeriod_IsNeverLessThanFifteenMinutes(long periodMs, long ageMs, Outcome expected)
    {
        world.Policy.ReportingPeriodMs = periodMs;
        world.Done(world.Issue()).Done(world.Claim());
        long handedOver = world.Now;
        world.Now += Minute;
        world.Done(world.Return());
        // Another claim comes and goes: what is kept of the first is looked at again.
        world.Done(world.Claim("pharmacy-b"));
        world.Now = handedOver + ageMs;
        if (world.Status == PrescriptionStatus.Claimed) world.Done(world.Return("pharmacy-b"));
        Assert.Equal(expected, world.Do(Late(handedOver)));
    }

    [Fact]
    public void RecordSupply_WithTheToken_NeedsNoClaim()
    {
        world.Done(world.Issue());
        Assert.Equal(Outcome.TokenInvalid, world.Do(WithToken(Late(world.Now)), tokenValid: false));
        Assert.Equal(Outcome.TokenInvalid, world.Do(WithToken(Late(world.Now), "other")));
        Assert.Equal(Outcome.Accepted, world.Do(WithToken(Late(world.Now))));
        Assert.Equal(PrescriptionStatus.Active, world.Status);
    }

    [Theory]
    [InlineData(-1, Outcome.Accepted)]
    [InlineData(0, Outcome.TokenReplaced)]
    public void RecordSupply_WithAReplacedToken_CountsForTheTimeBefore(long msAfterReplacement, Outcome expected)
    {
        world.Done(world.Issue());
        world.Now += Hour;
        world.Done(world.ReplaceToken());
        long handedOver = world.Now + msAfterReplacement;
        world.Now += Hour;
        Assert.Equal(expected, world.Do(WithToken(Late(handedOver))));
        Assert.Equal(Outcome.Accepted, world.Do(WithToken(Late(handedOver - 1), "new token")));
    }

    [Fact]
    public void RecordSupply_MoreThanIsLeft_CountsTheRestAsExcess()
    {
        world.Done(world.Issue(10)).Done(world.Claim()).Done(world.Dispense(8)).Done(Late(world.Now, 5));
        SuppliedItem item = world.Stored.Supplies[^1].Items[0];
        Assert.Equal((2u, 3u, ExcessSupply), (item.Units, item.ExcessUnits, LastMarks));
        Assert.Equal((PrescriptionStatus.Completed, ""), (world.Status, world.Stored.Holder));
    }

    [Fact]
    public void RecordSupply_PackUsedElsewhere_IsMarkedAndTakesNothing()
    {
        world.Done(world.Issue(10)).Done(world.Claim()).Done(world.Return()).Done(world.Claim("pharmacy-b"));
        world.Done(world.DispenseAt("pharmacy-b", "pharmacist-b", Item(0, 1, Pack("p", 30, 10))));
        Event e = WithToken(world.RecordSupply(world.Now, Item(0, 1, Pack("p", 30, 10), Pack("q", 30, 30))));
        world.Done(e);
        Assert.Equal(PackConflict, LastMarks);
        Assert.Equal(Hash("q"), Assert.Single(world.Stored.Supplies[^1].Items[0].Packs).PackMac);
        Assert.Equal(10u, world.State.Peek<Pack>(EntityKind.Pack, Hash("p"))!.Taken);
    }

    [Fact]
    public void RecordSupply_AllUnitsWhileAnotherHolds_EndsThatClaim()
    {
        world.Done(world.Issue(10)).Done(world.Claim()).Done(world.Return());
        long handedOver = world.Now;
        world.Now += Minute;
        world.Done(world.Claim("pharmacy-b")).Done(WithToken(Late(handedOver, 10)));
        Assert.Equal((PrescriptionStatus.Completed, ""), (world.Status, world.Stored.Holder));
        Assert.Equal("pharmacy-b", world.Stored.PastClaims[^1].Holder);
    }

    [Fact]
    public void RecordSupply_SameMomentTwice_IsRefusedEvenWhenReversed()
    {
        world.Done(world.Issue()).Done(world.Claim()).Done(Late(world.Now));
        Assert.Equal(Outcome.SupplyAlreadyRecorded, world.Do(Late(Start, 2)));
        world.Now++;
        Assert.Equal(Outcome.Accepted, world.Do(Late(world.Now, 2)));
        world.Done(world.Reverse(Reverse.Types.Kind.NotHandedOver, world.Stored.Supplies[0].EventId));
        Assert.Equal(Outcome.SupplyAlreadyRecorded, world.Do(Late(Start, 2)));
    }

    [Fact]
    public void RecordSupply_LinesPacksAndPayer_AreJudgedAsInDispense()
    {
        world.Done(world.Issue()).Done(world.Claim());
        Assert.Equal(Outcome.LineUnknown, world.Do(world.RecordSupply(world.Now, Item(1, 1))));
        Assert.Equal(Outcome.PayerUnknown, world.Do(Changed(Late(world.Now), e => e.RecordSupply.Payer = "pharmacy-b")));
        world.Policy.PackKeyVersion = 2;
        Assert.Equal(Outcome.PackKeyWrong, world.Do(world.RecordSupply(world.Now, Item(0, 1, Pack("p", 1, 1)))));
        world.Policy.PackCodesMandatory = true;
        Assert.Equal(Outcome.PackCodeMissing, world.Do(Late(world.Now)));
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("query")]
    [InlineData("pending")]
    [InlineData("review")]
    [InlineData("rejected")]
    [InlineData("cancelled")]
    [InlineData("expired")]
    public void RecordSupply_WhateverBecameOfIt_IsAccepted(string what)
    {
        world.Done(world.Issue()).Done(world.Claim());
        long handedOver = world.Now;
        world.Now += Minute;
        switch (what)
        {
            case "hold": world.Done(world.Hold(world.Now + Hour)); break;
            case "query": world.Done(world.Review(Verdict.Query)); break;
            case "pending": world.Done(world.Cancel()); break;
            case "review": world.Policy.ApprovalsBeforeDispense = 1; break;
            case "rejected": world.Done(world.Review(Verdict.Reject)); break;
            case "cancelled": world.Done(world.Cancel()).Done(world.Return()); break;
            default: world.Now += Day; break;
        }
        PrescriptionStatus before = world.Status;
        Assert.Equal(Outcome.Accepted, world.Do(Late(handedOver)));
        Assert.Equal((before, 9u, 0u), (world.Status, world.Stored.Lines[0].Remaining, LastMarks));
    }
}
