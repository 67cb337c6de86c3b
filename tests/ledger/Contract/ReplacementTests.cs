using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>An Issue in the place of another prescription.</summary>
public class ReplacementTests
{
    private static readonly ByteString First = Id("rx");

    private readonly World world = new();

    private Event Replacing()
    {
        world.Rx = Id("rx-2");
        return Changed(world.Issue(), e => e.Issue.Replaces = First);
    }

    private World Back()
    {
        world.Rx = First;
        return world;
    }

    [Fact]
    public void Replace_Active_IsCancelledAndSaysByWhat()
    {
        world.Done(world.Issue()).Done(Replacing());
        Assert.Equal(PrescriptionStatus.Active, world.Status);
        Assert.Equal((PrescriptionStatus.Cancelled, Id("rx-2")), (Back().Status, world.Stored.ReplacedBy));
        Assert.Single(world.Stored.Acts);
        Assert.Equal(Outcome.Cancelled, world.Do(world.Claim()));
    }

    [Fact]
    public void Replace_Issued_IsCancelled()
    {
        world.Policy.ApprovalsBeforeClaim = 1;
        world.Done(world.Issue()).Done(Replacing());
        Assert.Equal(PrescriptionStatus.Cancelled, Back().Status);
    }

    [Fact]
    public void Replace_Claimed_IsPendingUntilTheClaimEnds()
    {
        world.Done(world.Issue()).Done(world.Claim()).Done(Replacing());
        Assert.Equal(Outcome.CancellationPending, Back().Do(world.Dispense(1)));
        Assert.Equal(Outcome.CancellationPending, world.Do(Changed(Replacing(), e => e.PrescriptionId = Id("rx-3"))));
        Assert.Equal(PrescriptionStatus.Cancelled, Back().Done(world.Return()).Status);
    }

    [Theory]
    [InlineData(PrescriptionStatus.Completed, Outcome.Completed)]
    [InlineData(PrescriptionStatus.Cancelled, Outcome.Cancelled)]
    [InlineData(PrescriptionStatus.Rejected, Outcome.Rejected)]
    [InlineData(PrescriptionStatus.Expired, Outcome.Expired)]
    public void Replace_Finished_IsRefused(PrescriptionStatus status, Outcome expected)
    {
        world.Policy.ApprovalsBeforeClaim = 1;
        world.Done(world.Issue());
        if (status == PrescriptionStatus.Cancelled) world.Done(world.Cancel());
        if (status == PrescriptionStatus.Rejected) world.Done(world.WardReview(Verdict.Reject));
        if (status == PrescriptionStatus.Expired) world.Now += Day;
        if (status == PrescriptionStatus.Completed)
            world.Done(world.WardReview(Verdict.Approve)).Done(world.Claim()).Done(world.Close());
        Assert.Equal(expected, world.Do(Replacing()));
    }

    [Fact]
    public void Replace_OfAnotherHospital_IsNotIssuer()
    {
        world.Done(world.Issue());
        Event e = Changed(Replacing(), e => ActAs(e, "hospital-2"));
        Sign(e, "dr-wilson");
        Assert.Equal(Outcome.NotIssuer, world.Do(e));
    }

    [Fact]
    public void Replace_AnEmergencySupplyOrNothing_IsNotFound()
    {
        Assert.Equal(Outcome.ReplacedNotFound, world.Do(Replacing()));
        Back().Done(world.EmergencySupply(Item(0, 1)));
        Assert.Equal(Outcome.ReplacedNotFound, world.Do(Replacing()));
    }

    [Fact]
    public void Replace_LapsedClaim_IsCancelledAtOnce()
    {
        world.Done(world.Issue()).Done(world.Claim());
        world.Now += 2 * Hour;
        world.Done(Replacing());
        Assert.Equal((PrescriptionStatus.Cancelled, ""), (Back().Status, world.Stored.Holder));
    }

    [Fact]
    public void Issue_RefusedReplacement_ChangesNothing()
    {
        world.Done(world.Issue());
        Event e = Changed(Replacing(), e => e.Issue.NotAfterMs += 365 * Day);
        Assert.Equal(Outcome.WindowTooLong, world.Do(e));
        Assert.Equal(PrescriptionStatus.Active, Back().Status);
    }

    [Fact]
    public void Issue_ReplacesAndCovers_DoesBoth()
    {
        world.Done(world.Issue());
        world.Rx = Id("emergency");
        world.Done(world.EmergencySupply(Item(0, 4)));
        world.Done(Changed(Replacing(), e => e.Issue.Covers = Id("emergency")));
        Assert.Equal(6u, world.Stored.Lines[0].Remaining);
        Assert.Equal(PrescriptionStatus.Cancelled, Back().Status);
    }
}
