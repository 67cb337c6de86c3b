using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The last millisecond of one rule and the first of the next.</summary>
public class BoundaryTests
{
    private readonly World world = new();

    [Theory]
    [InlineData(-1, Outcome.NotYetValid)]
    [InlineData(0, Outcome.Accepted)]
    [InlineData(World.Day - 1, Outcome.Accepted)]
    [InlineData(World.Day, Outcome.Expired)]
    public void Claim_AroundTheWindow_IsInsideItOnly(long msAfterNotBefore, Outcome expected)
    {
        long from = world.Now + 10;
        world.Done(Changed(world.Issue(), e => (e.Issue.NotBeforeMs, e.Issue.NotAfterMs) = (from, from + World.Day)));
        world.Now = from + msAfterNotBefore;
        Assert.Equal(expected, world.Do(world.Claim()));
    }

    [Theory]
    [InlineData(-1, Outcome.Accepted)]
    [InlineData(0, Outcome.NotHolder)]
    public void Dispense_AroundTheClaimsEnd_NeedsARunningClaim(long msAfterEnd, Outcome expected)
    {
        world.Done(world.Issue()).Done(world.Claim());
        world.Now = world.Stored.ClaimUntilMs + msAfterEnd;
        Assert.Equal(expected, world.Do(world.Dispense(1)));
    }

    [Theory]
    [InlineData(5 * World.Minute, Outcome.Accepted)]
    [InlineData((5 * World.Minute) + 1, Outcome.TimeInFuture)]
    [InlineData(-15 * World.Minute, Outcome.Accepted)]
    [InlineData((-15 * World.Minute) - 1, Outcome.TimeTooOld)]
    public void Issue_SignersClockOff_IsAcceptedWithinTolerance(long msAhead, Outcome expected) =>
        Assert.Equal(expected, world.Do(Changed(world.Issue(), e => e.TimeMs += msAhead)));

    [Theory]
    [InlineData(0, Outcome.Accepted)]
    [InlineData(-1, Outcome.TimeBeforePredecessor)]
    public void Claim_AgainstTheTimeOfItsPredecessor_IsNotBefore(long ms, Outcome expected)
    {
        world.Done(world.Issue());
        Assert.Equal(expected, world.Do(Changed(world.Claim(), e => e.TimeMs += ms)));
    }

    [Theory]
    [InlineData(30 * World.Day, Outcome.Accepted)]
    [InlineData((30 * World.Day) + 1, Outcome.WindowTooLong)]
    public void Issue_LongWindow_IsAcceptedUpToPolicy(long windowMs, Outcome expected) =>
        Assert.Equal(expected, world.Do(Changed(world.Issue(), e => e.Issue.NotAfterMs = e.Issue.NotBeforeMs + windowMs)));

    [Theory]
    [InlineData(1, Outcome.Accepted)]
    [InlineData(0, Outcome.EndsInPast)]
    public void Issue_WindowThatEnds_MustEndInTheFuture(long ms, Outcome expected) =>
        Assert.Equal(expected, world.Do(Changed(world.Issue(), e =>
            (e.Issue.NotBeforeMs, e.Issue.NotAfterMs) = (world.Now - World.Day, world.Now + ms))));

    [Theory]
    [InlineData(99ul, 0ul, Outcome.Accepted)]
    [InlineData(100ul, 0ul, Outcome.Accepted)]
    [InlineData(101ul, 0ul, Outcome.KeyRevoked)]
    [InlineData(0ul, 101ul, Outcome.Accepted)]
    [InlineData(0ul, 100ul, Outcome.KeyRevoked)]
    public void Issue_KeysInterval_IsJudgedByLeafIndex(ulong from, ulong until, Outcome expected)
    {
        foreach (string signer in new[] { "hospital", "dr-house" })
        {
            var each = new World { Leaf = 100 };
            (each.Key(signer).ValidFrom, each.Key(signer).ValidUntil) = (from, until);
            Assert.Equal(expected, each.Do(each.Issue()));
        }
    }

    [Fact]
    public void Dispense_WindowPastWhileClaimed_IsAccepted()
    {
        world.Done(world.Issue());
        world.Now += World.Day - 1;
        world.Done(world.Claim());
        world.Now += World.Hour;
        world.Done(world.Dispense(4)).Done(world.Extend());
        Assert.Equal(PrescriptionStatus.Expired, world.Done(world.Return()).Status);
    }

    [Fact]
    public void Claim_AfterTimeOut_TakesOverTheUnsuppliedRest()
    {
        world.Done(world.Issue(10)).Done(world.Claim()).Done(world.Dispense(4));
        world.Now += 2 * World.Hour;
        Assert.Equal(PrescriptionStatus.Active, world.Status);
        world.Done(world.Claim("pharmacy-b"));
        Assert.Equal(("pharmacy-b", 2u), (world.Stored.Holder, world.Stored.Claims));
        Event tooMuch = world.DispenseAt("pharmacy-b", "pharmacist-b", World.Item(0, 7));
        Assert.Equal(Outcome.UnitsExceeded, world.Do(tooMuch));
        world.Done(world.DispenseAt("pharmacy-b", "pharmacist-b", World.Item(0, 6)));
        Assert.Equal(PrescriptionStatus.Completed, world.Status);
    }

    [Fact]
    public void Extend_BeforeTheEnd_HoldsForAnotherPeriodFromNow()
    {
        world.Done(world.Issue()).Done(world.Claim());
        world.Now += World.Hour;
        world.Done(world.Extend());
        Assert.Equal(world.Now + (2 * World.Hour), world.Stored.ClaimUntilMs);
    }

    [Fact]
    public void Extend_PolicyNowShorter_NeverShortensTheClaim()
    {
        world.Done(world.Issue()).Done(world.Claim());
        world.Policy.ClaimPeriodMs = World.Minute;
        Assert.Equal(World.Start + (2 * World.Hour), world.Done(world.Extend()).Stored.ClaimUntilMs);
    }
}
