using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Two events signed on the same head: order decides, and the loser learns why.</summary>
public class RaceTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("pharmacy-a", "pharmacy-b")]
    [InlineData("pharmacy-b", "pharmacy-a")]
    public void Apply_TwoClaimsOnOneHead_FirstWinsSecondIsStale(string first, string second)
    {
        world.Done(world.Issue());
        Event winner = world.Claim(first);
        Event loser = world.Claim(second);
        Assert.Equal(Outcome.Accepted, world.Do(winner));
        Assert.Equal(Outcome.Stale, world.Do(loser));
        Assert.Equal(first, world.Stored.Holder);
        Assert.Equal(Outcome.ClaimedByAnother, world.Do(world.Claim(second)));
    }

    [Fact]
    public void Apply_DispenseThenCancel_CancelIsStaleAndThenPends()
    {
        world.Done(world.Issue()).Done(world.Claim());
        Event dispense = world.Dispense(4);
        Event cancel = world.Cancel();
        Assert.Equal(Outcome.Accepted, world.Do(dispense));
        Assert.Equal(Outcome.Stale, world.Do(cancel));
        Assert.Equal(Outcome.Accepted, world.Do(world.Cancel()));
        Assert.Equal(PrescriptionStatus.Claimed, world.Status);
        Assert.Equal(Outcome.CancellationPending, world.Do(world.Dispense(1)));
        Assert.Equal(PrescriptionStatus.Cancelled, world.Done(world.Return()).Status);
    }

    [Fact]
    public void Apply_CancelThenDispense_DispenseIsStaleAndThenRefused()
    {
        world.Done(world.Issue()).Done(world.Claim());
        Event dispense = world.Dispense(4);
        Event cancel = world.Cancel();
        Assert.Equal(Outcome.Accepted, world.Do(cancel));
        Assert.Equal(Outcome.Stale, world.Do(dispense));
        Assert.Equal(Outcome.CancellationPending, world.Do(world.Dispense(4)));
        Assert.Equal(10u, world.Stored.Lines[0].Remaining);
    }

    [Fact]
    public void Apply_SameDispenseTwice_CountsOnce()
    {
        world.Done(world.Issue()).Done(world.Claim());
        Event dispense = world.Dispense(4);
        Assert.Equal(Outcome.Accepted, world.Do(dispense));
        Assert.Equal(Outcome.Stale, world.Do(dispense));
        Assert.Equal(6u, world.Stored.Lines[0].Remaining);
    }

    [Fact]
    public void Apply_RefusedEvent_DoesNotAdvanceTheChain()
    {
        world.Done(world.Issue());
        Event claim = world.Claim();
        Assert.Equal(Outcome.NotHolder, world.Do(world.Dispense(1)));
        Assert.Equal(Outcome.Accepted, world.Do(claim));
    }

    [Fact]
    public void Apply_OtherPreviousId_IsStale()
    {
        world.Done(world.Issue());
        Event claim = Changed(world.Claim(), e => e.PreviousEventId = World.Hash("another branch"));
        Assert.Equal(Outcome.Stale, world.Do(claim));
    }

    [Fact]
    public void Apply_SecondIssueOfTheId_ChangesNothing()
    {
        world.Done(world.Issue(10));
        Assert.Equal(Outcome.AlreadyExists, world.Do(Changed(world.Issue(99), e => ActAsWilson(e))));
        Assert.Equal("hospital", world.Stored.Issuer);
        Assert.Equal(10u, world.Stored.Lines[0].Authorised);
    }

    [Fact]
    public void Apply_IssueAfterOnlyRefusals_KeepsTheirHistory()
    {
        var named = new Prescription { LeafCount = 3, LeafChain = World.Hash("refused leaves") };
        world.State.Put(EntityKind.Prescription, world.Rx, named);
        Assert.Equal(Outcome.NotFound, world.Do(world.Claim()));
        world.Done(world.Issue());
        Assert.Equal(3u, world.Stored.LeafCount);
        Assert.Equal(named.LeafChain, world.Stored.LeafChain);
    }

    private static void ActAsWilson(Event e)
    {
        ActAs(e, "hospital-2");
        Sign(e, "dr-wilson");
    }
}
