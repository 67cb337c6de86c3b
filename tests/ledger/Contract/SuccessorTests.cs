using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Organisations that were removed, and those that took over.</summary>
public class SuccessorTests
{
    private readonly World world = new();

    private Organisation Member(string name) =>
        world.State.Peek<Organisation>(EntityKind.Organisation, ByteString.CopyFromUtf8(name))!;

    private void Succeed(string removed, string successor)
    {
        Member(removed).Successor = successor;
        Member(removed).Roles.Clear();
    }

    private static Event As(string organisation, Event e) => Changed(e, c => ActAs(c, organisation));

    [Fact]
    public void Cancel_ByASuccessorOfASuccessor_IsAccepted()
    {
        world.AddMember("hospital-3", Role.Hospital);
        world.Done(world.Issue());
        Assert.Equal(Outcome.NotIssuer, world.Do(As("hospital-3", world.Cancel())));
        Succeed("hospital", "hospital-2");
        Succeed("hospital-2", "hospital-3");
        Assert.Equal(Outcome.NotAuthorised, world.Do(world.Cancel()));
        Assert.Equal(Outcome.Accepted, world.Do(As("hospital-3", world.Cancel())));
    }

    [Fact]
    public void Cancel_RingOfSuccessors_EndsWithARefusal()
    {
        world.AddMember("hospital-3", Role.Hospital);
        world.Done(world.Issue());
        Succeed("hospital", "hospital-2");
        Succeed("hospital-2", "hospital");
        Assert.Equal(Outcome.NotIssuer, world.Do(As("hospital-3", world.Cancel())));
    }

    [Theory]
    [InlineData(15, Outcome.Accepted)]
    [InlineData(16, Outcome.NotIssuer)]
    public void Cancel_LongChain_IsFollowedForSixteenNames(int successions, Outcome expected)
    {
        for (int i = 0; i < successions; i++) world.AddMember("h" + i, Role.Hospital);
        world.Done(world.Issue());
        Succeed("hospital", "h0");
        for (int i = 1; i < successions; i++) Succeed("h" + (i - 1), "h" + i);
        Assert.Equal(expected, world.Do(As("h" + (successions - 1), world.Cancel())));
    }

    [Fact]
    public void Hospital_Succeeded_TokensConsentsReplacementAndErasureGoOver()
    {
        world.Policy.RetentionMs = 0;
        world.Done(world.Issue());
        Succeed("hospital", "hospital-2");
        world.Done(As("hospital-2", world.ReplaceToken()));
        world.Done(As("hospital-2", world.GiveConsent("pharmacy-a", world.Now + Hour)));
        world.Done(As("hospital-2", world.OpenDispute(world.Head)));
        world.Done(As("hospital-2", world.WithdrawDispute(world.LastDispute)));
        world.Rx = Id("rx-2");
        Event replacing = As("hospital-2", Changed(world.Issue(), e => e.Issue.Replaces = Id("rx")));
        Sign(replacing, "dr-wilson");
        world.Done(replacing);
        world.Rx = Id("rx");
        Assert.Equal(Outcome.Accepted, world.Do(As("hospital-2", world.Erase())));
    }

    [Fact]
    public void Confirm_BySuccessor_StillNeedsThePrescriber()
    {
        world.AddPractitioner("dr-house", Profession.Prescriber, "hospital", "hospital-2");
        world.Done(world.Issue()).Done(world.Claim()).Done(world.Review(Review.Types.Verdict.Query));
        Succeed("hospital", "hospital-2");
        Event other = As("hospital-2", world.Confirm());
        Sign(other, "dr-wilson");
        Assert.Equal(Outcome.NotIssuer, world.Do(other));
        Assert.Equal(Outcome.Accepted, world.Do(As("hospital-2", world.Confirm())));
    }

    [Fact]
    public void Pharmacy_Succeeded_SuppliesNominationAndPacksGoOver()
    {
        world.Done(Changed(world.Issue(), e => e.Issue.Nominee = "pharmacy-a")).Done(world.Claim());
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 10)))).Done(world.Return());
        Succeed("pharmacy-a", "pharmacy-b");
        Assert.Equal(Outcome.Accepted, world.Do(world.ClaimAsNominee("pharmacy-b")));
        world.Done(world.DispenseAt("pharmacy-b", "pharmacist-b", Item(0, 1, Pack("p", 30, 10))));
        Event reverse = As("pharmacy-b", world.Reverse(Kind.Returned, world.Stored.Supplies[0].EventId));
        Sign(reverse, "pharmacist-b");
        Assert.Equal(Outcome.Accepted, world.Do(reverse));
    }

    [Fact]
    public void Token_BoundToASucceededPharmacy_ClaimsAtItsSuccessor()
    {
        world.Done(world.Issue()).Done(world.BindToken("pharmacy-a"));
        Assert.Equal(Outcome.TokenBoundElsewhere, world.Do(world.Claim("pharmacy-b")));
        Succeed("pharmacy-a", "pharmacy-b");
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim("pharmacy-b")));
    }

    [Fact]
    public void Insurer_Succeeded_SettlesAndAdjusts()
    {
        world.AddMember("insurer-2", Role.Insurer);
        world.Done(world.Issue()).Done(world.Claim()).Done(Changed(world.Dispense(1), e => e.Dispense.Payer = Insurer));
        Succeed(Insurer, "insurer-2");
        world.Done(As("insurer-2", world.Settle(world.LastSupply)));
        Assert.Equal(Outcome.Accepted, world.Do(As("insurer-2", world.AdjustSettlement(world.LastSupply))));
    }
}
