using Google.Protobuf;
using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>A supply is settled once, by the payer that it names.</summary>
public class SettlementTests
{
    private readonly World world = new();

    public SettlementTests() => world.Done(world.Issue(10)).Done(world.Claim()).Done(Paid(world.Dispense(Item(0, 1), Item(0, 1))));

    private static Event Paid(Event e) => Changed(e, c => c.Dispense.Payer = Insurer);

    [Fact]
    public void Settle_Once_ThenOnlyAdjust()
    {
        Assert.Equal(Outcome.NotSettled, world.Do(world.AdjustSettlement(world.LastSupply)));
        world.Done(world.Settle(world.LastSupply));
        Assert.Equal(Outcome.AlreadySettled, world.Do(world.Settle(world.LastSupply)));
        world.Done(world.AdjustSettlement(world.LastSupply)).Done(world.AdjustSettlement(world.LastSupply));
        Assert.Equal(Outcome.AlreadySettled, world.Do(world.Settle(world.LastSupply)));
    }

    [Fact]
    public void Settle_EachSupply_IsItsOwn()
    {
        ByteString first = world.LastSupply;
        world.Done(world.Settle(first)).Done(Paid(world.Dispense(2)));
        Assert.Equal(Outcome.Accepted, world.Do(world.Settle(world.LastSupply)));
        Assert.Equal(Outcome.DispenseNotFound, world.Do(world.Settle(Hash("none"))));
    }

    [Fact]
    public void Settle_AnotherInsurerOrNoPayer_IsNotPayer()
    {
        world.AddMember("insurer-2", Role.Insurer);
        Assert.Equal(Outcome.NotPayer, world.Do(Changed(world.Settle(world.LastSupply), e => ActAs(e, "insurer-2"))));
        world.Done(world.Dispense(1));
        Assert.Equal(Outcome.NotPayer, world.Do(world.Settle(world.LastSupply)));
    }

    [Fact]
    public void Settle_Reversed_OnlyWhenSomethingIsLeft()
    {
        world.Done(world.Reverse(Kind.Returned, world.LastSupply, 0)).Done(world.Settle(world.LastSupply));
        world.Done(world.Reverse(Kind.Returned, world.LastSupply));
        Assert.Equal(Outcome.DispenseReversed, world.Do(world.Settle(world.LastSupply)));
        Assert.Equal(Outcome.Accepted, world.Do(world.AdjustSettlement(world.LastSupply)));
    }

    [Fact]
    public void Settle_LateSupply_IsAsADispense()
    {
        world.Done(Changed(world.RecordSupply(world.Now, Item(0, 99)), e => e.RecordSupply.Payer = Insurer));
        Assert.Equal(Outcome.Accepted, world.Do(world.Settle(world.LastSupply)));
    }

    [Fact]
    public void Settle_Disputed_WaitsForItsEnd()
    {
        world.Done(world.OpenDispute(world.Stored.Acts[1].EventId));
        world.Done(world.Settle(world.LastSupply)).Done(world.OpenDispute(world.LastSupply));
        Assert.Equal(Outcome.AlreadySettled, world.Do(world.Settle(world.LastSupply)));
        Assert.Equal(Outcome.Disputed, world.Do(world.AdjustSettlement(world.LastSupply)));
        world.Now += world.Policy.DisputePeriodMs;
        Assert.Equal(Outcome.Accepted, world.Do(world.AdjustSettlement(world.LastSupply)));
    }
}
