using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Ways out of what the small world does not reach.</summary>
public class StuckTests
{
    private readonly World world = new();

    [Fact]
    public void FullChain_NothingFollows_ReplacementIsTheWayOut()
    {
        world.Done(world.Issue()).Done(world.Claim());
        for (int i = 0; i < 998; i++) world.Done(world.Extend());
        Assert.Equal(Outcome.LimitReached, world.Do(world.Cancel()));
        world.Now = world.Stored.ClaimUntilMs;
        Assert.Equal(Outcome.LimitReached, world.Do(world.Claim("pharmacy-b")));
        ByteString full = world.Rx;
        world.Rx = Id("new");
        world.Done(Changed(world.Issue(), e => e.Issue.Replaces = full)).Done(world.Claim());
        world.Rx = full;
        Assert.Equal(PrescriptionStatus.Cancelled, world.Status);
    }

    [Fact]
    public void Repeats_ThatWaitForEachOther_CancellingOneFreesTheOther()
    {
        world.Done(Repeat(world.Issue(), 1, "rx-2"));
        world.Rx = Id("rx-2");
        world.Done(Repeat(world.Issue(), 2, "rx"));
        Assert.Equal(Outcome.PredecessorUnfinished, world.Do(world.Claim()));
        world.Rx = Id("rx");
        Assert.Equal(Outcome.PredecessorUnfinished, world.Do(world.Claim()));
        world.Done(world.Cancel());
        world.Rx = Id("rx-2");
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim()));
    }

    [Fact]
    public void Query_OfAPrescriberWhoIsGone_IssuingAnewIsTheWayOut()
    {
        world.Done(world.Issue()).Done(world.Claim()).Done(world.Review(Verdict.Query)).Done(world.Suspend("dr-house"));
        Assert.Equal(Outcome.PractitionerSuspended, world.Do(world.Confirm()));
        Assert.Equal(Outcome.NotIssuer, world.Do(Changed(world.Confirm(), e => Sign(e, "dr-wilson"))));
        ByteString asked = world.Rx;
        world.Rx = Id("new");
        Event anew = Changed(world.Issue(), e => e.Issue.Replaces = asked);
        Sign(anew, "dr-wilson");
        world.Done(anew).Done(world.Claim());
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(10)));
    }

    [Fact]
    public void Token_LostAndBoundToAPharmacyThatIsNone_ReplacementIsTheWayOut()
    {
        world.Done(world.Issue()).Done(world.BindToken("closed-long-ago"));
        Assert.Equal(Outcome.TokenBoundElsewhere, world.Do(world.Claim()));
        world.Done(world.ReplaceToken());
        Assert.Equal(Outcome.Accepted, world.Do(Changed(world.Claim(), e => e.Claim.Token = Token("new token"))));
    }

    [Fact]
    public void Dispute_OfAPatientWithoutToken_IsResolvedOrLapses()
    {
        world.Done(world.Issue()).Done(world.PatientDispute(world.Head)).Done(Changed(world.PatientDispute(world.Head), e => e.TimeMs++));
        world.Done(world.ResolveDispute(world.LastDispute));
        world.Now += world.Policy.DisputePeriodMs;
        Assert.Equal(Outcome.DisputeNotFound, world.Do(world.ExtendDispute(world.LastDispute)));
    }

    [Fact]
    public void Claim_OfAPharmacyThatVanished_LapsesAndTheRestIsFree()
    {
        world.Done(world.Issue()).Done(world.Claim()).Done(world.Dispense(4));
        world.Now = world.Stored.ClaimUntilMs;
        world.Done(world.Claim("pharmacy-b"));
        world.Done(world.DispenseAt("pharmacy-b", "pharmacist-b", Item(0, 6)));
        Assert.Equal(PrescriptionStatus.Completed, world.Status);
    }
}
