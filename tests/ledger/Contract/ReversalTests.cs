using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Reverse and Correct.</summary>
public class ReversalTests
{
    private const uint RecoveryDue = 8;

    private readonly World world = new();

    public ReversalTests() => world.Done(world.Issue(10, 5)).Done(world.Claim());

    private Pack? Stored(string code) => world.State.Peek<Pack>(EntityKind.Pack, Hash(code));

    private IEnumerable<uint> Remaining => world.Stored.Lines.Select(line => line.Remaining);

    [Theory]
    [InlineData(Kind.NotHandedOver, false)]
    [InlineData(Kind.Returned, true)]
    public void Reverse_WholeSupply_GivesUnitsBackAndFreesPacksOnlyIfTheyNeverLeft(Kind kind, bool packStays)
    {
        world.Done(world.Dispense(Item(0, 10, Pack("p", 30, 30)), Item(1, 5)));
        world.Done(world.Reverse(kind, world.LastSupply));
        Assert.Equal((PrescriptionStatus.Active, packStays), (world.Status, Stored("p") is not null));
        Assert.Equal([10u, 5u], Remaining);
        Assert.Equal(Outcome.DispenseReversed, world.Do(world.Reverse(kind, world.LastSupply)));
    }

    [Fact]
    public void Reverse_OneItemThenTheRest_TakesEachBackOnce()
    {
        world.Done(world.Dispense(Item(0, 4), Item(0, 3), Item(1, 5)));
        world.Done(world.Reverse(Kind.Returned, world.LastSupply, 1));
        Assert.Equal([6u, 0u], Remaining);
        Assert.Equal(Outcome.DispenseReversed, world.Do(world.Reverse(Kind.Returned, world.LastSupply, 0, 1)));
        Assert.Equal(Outcome.DispenseNotFound, world.Do(world.Reverse(Kind.Returned, world.LastSupply, 3)));
        world.Done(world.Reverse(Kind.Returned, world.LastSupply));
        Assert.Equal([10u, 5u], Remaining);
    }

    [Fact]
    public void Reverse_PartOfASplitPack_LeavesWhatOthersTook()
    {
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 10), Pack("p", 30, 5))));
        ByteString first = world.LastSupply;
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 8)))).Done(world.Reverse(Kind.NotHandedOver, first));
        Assert.Equal(8u, Stored("p")!.Taken);
    }

    [Theory]
    [InlineData(0, Outcome.Accepted)]
    [InlineData(1, Outcome.ReversalTooLate)]
    public void Reverse_NotHandedOver_IsPossibleForThePeriod(long msTooLate, Outcome expected)
    {
        world.Done(world.Dispense(1));
        world.Now += world.Policy.ReversalPeriodMs + msTooLate;
        Assert.Equal(expected, world.Do(world.Reverse(Kind.NotHandedOver, world.LastSupply)));
        if (expected != Outcome.Accepted) world.Done(world.Reverse(Kind.Returned, world.LastSupply));
    }

    [Fact]
    public void Reverse_CompletedAndPast_IsExpired()
    {
        world.Done(world.Dispense(Item(0, 10), Item(1, 5)));
        world.Now += Day;
        Assert.Equal(PrescriptionStatus.Expired, world.Done(world.Reverse(Kind.Returned, world.LastSupply)).Status);
    }

    [Fact]
    public void Reverse_WhileAnotherHolds_LeavesTheClaim()
    {
        world.Done(world.Dispense(4)).Done(world.Return()).Done(world.Claim("pharmacy-b"));
        world.Done(world.Reverse(Kind.Returned, world.LastSupply));
        Assert.Equal((PrescriptionStatus.Claimed, "pharmacy-b"), (world.Status, world.Stored.Holder));
        Assert.Equal([10u, 5u], Remaining);
    }

    [Fact]
    public void Reverse_Cancelled_StaysCancelled()
    {
        world.Done(world.Dispense(4)).Done(world.Return()).Done(world.Cancel());
        Assert.Equal(PrescriptionStatus.Cancelled, world.Done(world.Reverse(Kind.Returned, world.LastSupply)).Status);
    }

    [Fact]
    public void Reverse_Closed_IsActiveAgain()
    {
        world.Done(world.Dispense(4)).Done(world.Close());
        Assert.Equal(PrescriptionStatus.Active, world.Done(world.Reverse(Kind.Returned, world.LastSupply)).Status);
    }

    [Fact]
    public void Reverse_ExcessSupply_GivesBackOnlyWhatCounted()
    {
        world.Done(world.Dispense(8)).Done(world.RecordSupply(world.Now, Item(0, 5)));
        world.Done(world.Reverse(Kind.Returned, world.LastSupply));
        Assert.Equal([2u, 5u], Remaining);
    }

    [Fact]
    public void Reverse_SuppliedBeforeTheReview_WaitsForTheReview()
    {
        var other = new World();
        other.Policy.ApprovalsBeforeClaim = 1;
        other.Done(other.Issue());
        other.Done(Changed(other.RecordSupply(other.Now, Item(0, 10)), e => e.RecordSupply.Token = Token()));
        Assert.Equal(PrescriptionStatus.Completed, other.Status);
        Assert.Equal(PrescriptionStatus.Issued, other.Done(other.Reverse(Kind.NotHandedOver, other.LastSupply)).Status);
    }

    [Fact]
    public void Reverse_Settled_IsDueForRecovery()
    {
        world.Done(Changed(world.Dispense(Item(0, 1), Item(1, 1)), e => e.Dispense.Payer = Insurer));
        world.Done(world.Settle(world.LastSupply)).Done(world.Reverse(Kind.Returned, world.LastSupply, 1));
        Assert.True(world.Stored.Supplies[0].RecoveryDue);
        Assert.Equal(RecoveryDue, world.Stored.Acts[^1].Marks);
        Assert.False(world.Done(world.AdjustSettlement(world.LastSupply)).Stored.Supplies[0].RecoveryDue);
    }

    [Fact]
    public void Reverse_UnderHoldOrDispute_IsNotStopped()
    {
        world.Done(world.Dispense(1)).Done(world.OpenDispute(world.LastSupply)).Done(world.Hold(world.Now + Hour));
        Assert.Equal(Outcome.Accepted, world.Do(world.Reverse(Kind.NotHandedOver, world.LastSupply)));
    }

    [Fact]
    public void Correct_ErasedOrReversed_IsRefusedInThisOrder()
    {
        world.Policy.RetentionMs = 0;
        world.Done(world.Dispense(Item(0, 10), Item(1, 5))).Done(world.Correct(world.LastSupply)).Done(world.Erase());
        Assert.Equal(Outcome.ContentErased, world.Do(world.Correct(world.LastSupply)));
        world.Done(world.Reverse(Kind.Returned, world.LastSupply));
        Assert.Equal(Outcome.DispenseReversed, world.Do(world.Correct(world.LastSupply)));
    }
}
