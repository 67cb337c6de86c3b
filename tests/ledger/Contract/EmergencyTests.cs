using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Supplies without a prescription, and the Issue that covers one later.</summary>
public class EmergencyTests
{
    private const uint EmergencyMark = 16;

    private static readonly ByteString First = Id("rx");

    private readonly World world = new();

    private ByteString SupplyId => world.State.Peek<Prescription>(EntityKind.Prescription, First)!.Acts[0].EventId;

    private void Supply(string payer, params DispensedItem[] items) =>
        world.Done(Changed(world.EmergencySupply(items), e => e.EmergencySupply.Payer = payer));

    private Event Covering(params uint[] units)
    {
        world.Rx = Id("covering");
        return Changed(world.Issue(units), e => e.Issue.Covers = First);
    }

    [Fact]
    public void EmergencySupply_IsARecordWithoutIssuer_AndRegulatorsAreTold()
    {
        Supply("", Item(3, 5, Pack("p", 10, 5)));
        Prescription stored = world.Stored;
        Assert.Equal((PrescriptionStatus.Completed, "", EmergencyMark), (world.Status, stored.Issuer, stored.Acts[0].Marks));
        Assert.Equal((0u, 5u), (stored.Supplies[0].Items[0].Units, stored.Supplies[0].Items[0].ExcessUnits));
        Assert.Equal(5u, world.State.Peek<Pack>(EntityKind.Pack, Hash("p"))!.Taken);
    }

    [Fact]
    public void EmergencySupply_PacksAndPayer_AreJudged()
    {
        Supply("", Item(0, 1, Pack("p", 10, 5)));
        world.Rx = Id("rx-2");
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(world.EmergencySupply(Item(0, 1, Pack("p", 10, 6)))));
        Event e = Changed(world.EmergencySupply(Item(0, 1)), e => e.EmergencySupply.Payer = "hospital");
        Assert.Equal(Outcome.PayerUnknown, world.Do(e));
    }

    [Fact]
    public void Cover_PartOfTheLines_CountsAndLeavesTheRest()
    {
        Supply("", Item(0, 4), Item(0, 2), Item(1, 5));
        world.Done(Covering(10, 5));
        Assert.Equal([4u, 0u], world.Stored.Lines.Select(line => line.Remaining));
        Assert.Equal(PrescriptionStatus.Active, world.Status);
        Assert.Equal([(4u, 0u), (2u, 0u), (5u, 0u)], world.Stored.Supplies[0].Items.Select(i => (i.Units, i.ExcessUnits)));
        world.Rx = First;
        Assert.Empty(world.Stored.Supplies);
        Assert.Equal(Id("covering"), world.Stored.CoveredBy);
    }

    [Fact]
    public void Cover_AllOfTheLines_Completes()
    {
        world.Policy.ApprovalsBeforeClaim = 1;
        Supply("", Item(0, 4));
        Assert.Equal(PrescriptionStatus.Completed, world.Done(Covering(4)).Status);
    }

    [Theory]
    [InlineData(4, 0, Outcome.Accepted)]
    [InlineData(3, 0, Outcome.CoverMismatch)]
    [InlineData(4, 1, Outcome.CoverMismatch)]
    public void Cover_LinesThatDoNotAuthorise_AreRefused(uint units, uint line, Outcome expected)
    {
        Supply("", Item(line, 2), Item(line, 2));
        Assert.Equal(expected, world.Do(Covering(units)));
    }

    [Fact]
    public void Cover_Twice_IsRefused()
    {
        Supply("", Item(0, 1));
        world.Done(Covering());
        world.Rx = Id("covering-2");
        Assert.Equal(Outcome.AlreadyCovered, world.Do(Changed(world.Issue(), e => e.Issue.Covers = First)));
    }

    [Fact]
    public void Cover_APrescriptionOrAnUnknownId_IsNotFound()
    {
        Assert.Equal(Outcome.CoveredNotFound, world.Do(Covering()));
        world.Rx = First;
        world.Done(world.Issue());
        Assert.Equal(Outcome.CoveredNotFound, world.Do(Covering()));
    }

    [Fact]
    public void Cover_PartlyReversed_CountsWhatIsLeft()
    {
        Supply("", Item(0, 8), Item(0, 3));
        world.Done(world.Reverse(Kind.Returned, SupplyId, 0)).Done(Covering(5));
        Assert.Equal(2u, world.Stored.Lines[0].Remaining);
        Assert.Equal(Outcome.DispenseReversed, world.Do(world.Reverse(Kind.Returned, SupplyId, 0)));
        world.Done(world.Reverse(Kind.Returned, SupplyId));
        Assert.Equal(5u, world.Stored.Lines[0].Remaining);
    }

    [Fact]
    public void Cover_WhollyReversed_IsAMismatch()
    {
        Supply("", Item(0, 8));
        world.Done(world.Reverse(Kind.NotHandedOver, SupplyId));
        Assert.Equal(PrescriptionStatus.Completed, world.Status);
        Assert.Equal(Outcome.CoverMismatch, world.Do(Covering(10)));
    }

    [Fact]
    public void Cover_SettledBefore_StaysSettledAndIsAdjustedHere()
    {
        Supply(Insurer, Item(0, 8));
        world.Done(world.Settle(SupplyId)).Done(Covering(10));
        Assert.Equal(Outcome.AlreadySettled, world.Do(world.Settle(SupplyId)));
        Assert.Equal(Outcome.Accepted, world.Do(world.AdjustSettlement(SupplyId)));
        world.Rx = First;
        Assert.Equal(Outcome.DispenseNotFound, world.Do(world.Settle(SupplyId)));
    }

    [Fact]
    public void Cover_DisputedBefore_StaysDisputed()
    {
        Supply(Insurer, Item(0, 8));
        world.Done(world.OpenDispute(SupplyId, "regulator", Role.Regulator));
        ByteString dispute = world.LastDispute;
        world.Done(Covering(10));
        Assert.Equal(Outcome.Disputed, world.Do(world.Settle(SupplyId)));
        world.Done(world.ResolveDispute(dispute));
        Assert.Equal(Outcome.Accepted, world.Do(world.Settle(SupplyId)));
    }

    [Fact]
    public void OpenDispute_AfterCover_IsWhereTheSupplyIs()
    {
        Supply(Insurer, Item(0, 8));
        world.Done(Covering(10)).Done(world.OpenDispute(SupplyId, "pharmacy-a", Role.Pharmacy));
        Assert.Equal(Outcome.Disputed, world.Do(world.Settle(SupplyId)));
        world.Rx = First;
        Assert.Equal(Outcome.ActNotFound, world.Do(world.OpenDispute(SupplyId, "regulator", Role.Regulator)));
    }

    [Fact]
    public void Erase_DisputedWhereItIsCovered_Waits()
    {
        world.Policy.RetentionMs = 0;
        Supply("", Item(0, 8));
        world.Done(Covering(10)).Done(world.OpenDispute(world.Head)).Done(world.OpenDispute(SupplyId));
        ByteString dispute = world.LastDispute;
        Event EraseByA() => Changed(world.Erase(), e => (e.Organisation, e.Role, e.KeyIds[0]) = ("pharmacy-a", Role.Pharmacy, KeyOf("pharmacy-a")));
        world.Rx = First;
        Assert.Equal(Outcome.Disputed, world.Do(EraseByA()));
        world.Rx = Id("covering");
        world.Done(world.WithdrawDispute(dispute));
        world.Rx = First;
        Assert.Equal(Outcome.Accepted, world.Do(EraseByA()));
    }

    [Fact]
    public void Reverse_CoveredBeforeReview_WaitsForTheReview()
    {
        world.Policy.ApprovalsBeforeClaim = 1;
        Supply("", Item(0, 4));
        world.Done(Covering(4)).Done(world.Reverse(Kind.Returned, SupplyId));
        Assert.Equal(PrescriptionStatus.Issued, world.Status);
    }
}
