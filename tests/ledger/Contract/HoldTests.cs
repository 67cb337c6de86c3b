using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>A hold, and the claim clock that stands still meanwhile.</summary>
public class HoldTests
{
    private const long End = Start + (2 * Hour);

    private readonly World world = new();

    public HoldTests() => world.Done(world.Issue()).Done(world.Claim());

    private long ClaimEnd => world.Stored.ClaimUntilMs;

    [Fact]
    public void Hold_RunsOut_ClaimEndsLaterByItsLength()
    {
        world.Now += Hour;
        world.Done(world.Hold(world.Now + (5 * Hour)));
        Assert.Equal(End + (5 * Hour), ClaimEnd);
        world.Now += (5 * Hour) - 1;
        Assert.Equal(Outcome.Held, world.Do(world.Dispense(1)));
        world.Now++;
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(1)));
        world.Now = End + (5 * Hour);
        Assert.Equal(PrescriptionStatus.Active, world.Status);
    }

    [Fact]
    public void Hold_Lifted_ClaimEndsLaterByTheTimeHeld()
    {
        world.Now += Hour;
        world.Done(world.Hold(world.Now + Day));
        world.Now += 3 * Hour;
        world.Done(world.LiftHold());
        Assert.Equal(End + (3 * Hour), ClaimEnd);
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(1)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2)]
    public void Hold_RenewedLongerOrShorter_ClaimEndsLaterByTheWhole(long newHours)
    {
        world.Now += Hour;
        long begun = world.Now;
        world.Done(world.Hold(begun + (5 * Hour)));
        world.Now += Hour;
        world.Done(world.Hold(begun + (newHours * Hour)));
        Assert.Equal(End + (newHours * Hour), ClaimEnd);
        world.Now = begun + (newHours * Hour);
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(1)));
    }

    [Fact]
    public void Hold_SecondAfterTheFirstLapsed_StartsFromNow()
    {
        world.Done(world.Hold(Start + Hour));
        world.Now = Start + (2 * Hour);
        world.Done(world.Hold(world.Now + Hour));
        Assert.Equal(End + (2 * Hour), ClaimEnd);
    }

    [Fact]
    public void Extend_DuringHold_CountsFromItsEnd()
    {
        world.Done(world.Hold(Start + Day)).Done(world.Extend());
        Assert.Equal(Start + Day + (2 * Hour), ClaimEnd);
        world.Now += Hour;
        world.Done(world.LiftHold());
        Assert.Equal(world.Now + (2 * Hour), ClaimEnd);
    }

    [Fact]
    public void Extend_BeforeHold_IsNotLost()
    {
        world.Now += Hour;
        world.Done(world.Extend()).Done(world.Hold(world.Now + Hour)).Done(world.Extend());
        Assert.Equal(End + (2 * Hour), ClaimEnd);
    }

    [Fact]
    public void Hold_Unclaimed_MovesNothing()
    {
        world.Done(world.Return()).Done(world.Hold(Start + Hour));
        Assert.Equal(0, ClaimEnd);
        Assert.Equal(Outcome.Held, world.Do(world.Claim()));
        world.Now += Hour;
        world.Done(world.Claim());
        Assert.Equal(world.Now + (2 * Hour), ClaimEnd);
    }

    [Fact]
    public void Return_DuringHold_LiftMovesNothing()
    {
        world.Done(world.Hold(Start + Day)).Done(world.Return()).Done(world.LiftHold());
        Assert.Equal((0, PrescriptionStatus.Active), (ClaimEnd, world.Status));
    }

    [Fact]
    public void Hold_PastTheWindow_ClaimIsStillGood()
    {
        world.Done(world.Hold(Start + (3 * Day)));
        world.Now = Start + (3 * Day) + (2 * Hour) - 1;
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(1)));
        world.Now++;
        Assert.Equal(PrescriptionStatus.Expired, world.Status);
    }

    [Fact]
    public void Hold_Holder_MayReturnCloseAndExtend()
    {
        world.Done(world.Hold(Start + Day)).Done(world.Extend());
        Assert.Equal(Outcome.Accepted, world.Do(world.Close()));
        Assert.Equal(Outcome.Completed, world.Do(world.Hold(Start + Day)));
        Assert.Equal(Outcome.Accepted, world.Do(world.LiftHold()));
    }

    [Theory]
    [InlineData(0, Outcome.HoldEndNotAllowed)]
    [InlineData(1, Outcome.Accepted)]
    [InlineData(90 * Day, Outcome.Accepted)]
    [InlineData((90 * Day) + 1, Outcome.HoldEndNotAllowed)]
    public void Hold_End_IsInTheFutureAndWithinTheLongest(long ms, Outcome expected) =>
        Assert.Equal(expected, world.Do(world.Hold(world.Now + ms)));

    [Fact]
    public void LiftHold_Lapsed_IsNotHeld()
    {
        world.Done(world.Hold(Start + Hour));
        world.Now += Hour;
        Assert.Equal(Outcome.NotHeld, world.Do(world.LiftHold()));
        Assert.Equal(End + Hour, ClaimEnd);
    }
}
