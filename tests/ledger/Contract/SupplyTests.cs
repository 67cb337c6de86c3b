using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Units and packs.</summary>
public class SupplyTests
{
    private readonly World world = new();

    public SupplyTests() => world.Done(world.Issue(10, 5)).Done(world.Claim());

    private Pack? Stored(string code) => world.State.Peek<Pack>(EntityKind.Pack, Hash(code));

    [Fact]
    public void Dispense_AllLinesSupplied_Completes()
    {
        Assert.Equal(PrescriptionStatus.Claimed, world.Done(world.Dispense(Item(0, 10), Item(1, 2))).Status);
        Assert.Equal(PrescriptionStatus.Completed, world.Done(world.Dispense(Item(1, 3))).Status);
        Assert.Equal("", world.Stored.Holder);
    }

    [Theory]
    [InlineData(6, 4, Outcome.Accepted)]
    [InlineData(6, 5, Outcome.UnitsExceeded)]
    public void Dispense_TwoItemsForOneLine_CountTogether(uint first, uint second, Outcome expected) =>
        Assert.Equal(expected, world.Do(world.Dispense(Item(0, first), Item(0, second))));

    [Fact]
    public void Dispense_OneItemTooMany_SuppliesNothing()
    {
        Assert.Equal(Outcome.UnitsExceeded, world.Do(world.Dispense(Item(0, 1), Item(1, 6))));
        Assert.Equal((10u, 5u), (world.Stored.Lines[0].Remaining, world.Stored.Lines[1].Remaining));
    }

    [Fact]
    public void Dispense_UnknownLineAndForbiddenSubstitution_LowerNumberWins()
    {
        Event e = world.Dispense(Item(0, 99), Item(2, 1));
        Assert.Equal(Outcome.LineUnknown, world.Do(e));
    }

    [Fact]
    public void Dispense_SubstitutionAllowed_IsAccepted() =>
        Assert.Equal(Outcome.Accepted, world.Do(Changed(world.Dispense(1), e => e.Dispense.Items[0].SubstitutionCode = 9)));

    [Fact]
    public void Dispense_WholePackAgain_IsRefused()
    {
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 30))));
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(world.Dispense(Item(0, 1, Pack("p", 30, 30)))));
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(world.Dispense(Item(0, 1, Pack("p", 30, 1)))));
    }

    [Fact]
    public void Dispense_SplitPack_CanBeUsedUpInParts()
    {
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 10))));
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(world.Dispense(Item(0, 1, Pack("p", 30, 21)))));
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 15)), Item(1, 1, Pack("p", 30, 5))));
        Assert.Equal((30u, 30u), (Stored("p")!.Content, Stored("p")!.Taken));
    }

    [Fact]
    public void Dispense_RestOfAnotherPharmacysPack_IsRefused()
    {
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 10)))).Done(world.Return()).Done(world.Claim("pharmacy-b"));
        Event e = world.DispenseAt("pharmacy-b", "pharmacist-b", Item(0, 1, Pack("p", 30, 10)));
        Assert.Equal(Outcome.PackElsewhere, world.Do(e));
        Assert.Equal(10u, Stored("p")!.Taken);
    }

    [Fact]
    public void Dispense_OtherContentForAPack_IsRefused()
    {
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 10))));
        Assert.Equal(Outcome.PackContentDiffers, world.Do(world.Dispense(Item(0, 1, Pack("p", 31, 1)))));
        Event twoContents = world.Dispense(Item(0, 1, Pack("q", 30, 10), Pack("q", 28, 10)));
        Assert.Equal(Outcome.PackContentDiffers, world.Do(twoContents));
        Assert.Null(Stored("q"));
    }

    [Fact]
    public void Dispense_PackCodesMandatory_EachItemNeedsOne()
    {
        world.Policy.PackCodesMandatory = true;
        Assert.Equal(Outcome.PackCodeMissing, world.Do(world.Dispense(Item(0, 1, Pack("p", 30, 30)), Item(1, 1))));
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(Item(0, 1, Pack("p", 30, 30)), Item(1, 1, Pack("q", 5, 5)))));
    }

    [Fact]
    public void Dispense_ApprovalsWantedFirst_WaitsForTwoPeople()
    {
        world.Policy.ApprovalsBeforeDispense = 2;
        Assert.Equal(Outcome.ReviewMissing, world.Do(world.Dispense(1)));
        world.Done(world.Review(Review.Types.Verdict.Approve));
        Assert.Equal(Outcome.ReviewerNotIndependent, world.Do(world.Review(Review.Types.Verdict.Approve)));
        Assert.Equal(Outcome.ReviewMissing, world.Do(world.Dispense(1)));
        world.Done(world.Review(Review.Types.Verdict.Approve, "pharmacy-a", "second-pharmacist"));
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(1)));
        Assert.Equal(world.Stored.Approvals.OrderBy(a => Convert.ToHexString(a.Span)), world.Stored.Approvals);
    }
}
