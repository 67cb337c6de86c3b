using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Who may claim: token, nomination, repeats; and what reviews and queries do to a claim.</summary>
public class ClaimTests
{
    private readonly World world = new();

    [Fact]
    public void Claim_TokenOfAnotherPrescription_IsInvalid()
    {
        world.Done(world.Issue());
        Assert.Equal(Outcome.TokenInvalid, world.Do(Changed(world.Claim(), e => e.Claim.Token = World.Token("other"))));
    }

    [Fact]
    public void Claim_SignatureForAnEarlierClaim_IsInvalid()
    {
        world.Done(world.Issue()).Done(world.Claim()).Done(world.Return());
        Assert.Equal(Outcome.ClaimNumberWrong, world.Do(Changed(world.Claim(), e => e.Claim.ClaimNumber = 1)));
        Assert.Equal(Outcome.ClaimNumberWrong, world.Do(Changed(world.Claim(), e => e.Claim.ClaimNumber = 3)));
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim()));
    }

    [Fact]
    public void Claim_WithoutAuthorityWhileHeld_DoesNotLearnOfTheHolder()
    {
        world.Done(world.Issue()).Done(world.Claim());
        Assert.Equal(Outcome.TokenInvalid, world.Do(world.Claim("pharmacy-b"), tokenValid: false));
        Assert.Equal(Outcome.NotNominee, world.Do(world.ClaimAsNominee("pharmacy-b")));
    }

    [Fact]
    public void Claim_PrescriptionWithoutToken_OnlyTheNomineeMay()
    {
        world.Done(Changed(world.Issue(), e => (e.Issue.TokenKey, e.Issue.Nominee) = (ByteString.Empty, "pharmacy-b")));
        Assert.Equal(Outcome.TokenInvalid, world.Do(world.Claim()));
        Assert.Equal(Outcome.NotNominee, world.Do(world.ClaimAsNominee("pharmacy-a")));
        Assert.Equal(Outcome.Accepted, world.Do(world.ClaimAsNominee("pharmacy-b")));
    }

    [Fact]
    public void Claim_NominatedButPatientGoesElsewhere_TokenStillCounts()
    {
        world.Done(Changed(world.Issue(), e => e.Issue.Nominee = "pharmacy-b"));
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim("pharmacy-a")));
        Assert.Equal(Outcome.ClaimedByAnother, world.Do(world.ClaimAsNominee("pharmacy-b")));
    }

    [Fact]
    public void Claim_SecondRepeat_WaitsUntilTheFirstIsFinished()
    {
        ByteString first = world.Rx;
        ByteString second = World.Id("rx-2");
        world.Done(Repeat(world.Issue(), 1));
        world.Rx = second;
        Event repeat = Changed(Repeat(world.Issue(), 2), e => e.Issue.Group.AfterId = first);
        world.Done(repeat);
        Assert.Equal(Outcome.PredecessorUnfinished, world.Do(world.Claim()));
        world.Rx = first;
        world.Done(world.Claim());
        world.Rx = second;
        Assert.Equal(Outcome.PredecessorUnfinished, world.Do(world.Claim()));
        world.Rx = first;
        world.Done(world.Dispense(10));
        world.Rx = second;
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim()));
    }

    [Fact]
    public void Claim_FirstRepeatRanOut_SecondMayBeClaimed()
    {
        world.Done(Repeat(world.Issue(), 1));
        world.Rx = World.Id("rx-2");
        world.Done(Changed(Repeat(world.Issue(), 2, "rx"), e => e.Issue.NotAfterMs += World.Day));
        world.Now += World.Day;
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim()));
    }

    [Fact]
    public void Issue_RepeatsInAnyOrder_AreAcceptedOnceEach()
    {
        world.Rx = World.Id("rx-2");
        world.Done(Repeat(world.Issue(), 2, "rx-1"));
        world.Rx = World.Id("rx-1");
        world.Done(Repeat(world.Issue(), 1));
        world.Rx = World.Id("rx-3");
        Assert.Equal(Outcome.AlreadyExists, world.Do(Repeat(world.Issue(), 2)));
        Assert.Equal(Outcome.Accepted, world.Do(Repeat(world.Issue(), 3)));
        Assert.Equal(7ul, world.State.Peek<RepeatGroup>(EntityKind.Group, World.Id("group"))!.Issued);
    }

    [Fact]
    public void Issue_RepeatOfAnotherHospitalsGroup_IsRefused()
    {
        world.Done(Repeat(world.Issue(), 1));
        world.Rx = World.Id("rx-2");
        Event foreign = Repeat(world.Issue(), 2);
        ActAs(foreign, "hospital-2");
        Sign(foreign, "dr-wilson");
        Assert.Equal(Outcome.GroupMismatch, world.Do(foreign));
    }

    [Fact]
    public void Issue_WaitsForAPrescriptionOutsideTheGroup_IsRefused()
    {
        world.Done(world.Issue());
        world.Rx = World.Id("rx-2");
        Assert.Equal(Outcome.GroupMismatch, world.Do(Repeat(world.Issue(), 2, "rx")));
    }

    [Fact]
    public void Review_Rejects_ClaimGoesBackAndAnotherPharmacyMayTake()
    {
        world.Done(world.Issue()).Done(world.Claim()).Done(world.Review(Verdict.Reject));
        Assert.Equal((PrescriptionStatus.Active, ""), (world.Status, world.Stored.Holder));
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim("pharmacy-b")));
    }

    [Fact]
    public void Review_QueryOutlivesTheClaim_UntilConfirmed()
    {
        world.Done(world.Issue()).Done(world.Claim()).Done(world.Review(Verdict.Query)).Done(world.Return());
        world.Done(world.Claim("pharmacy-b"));
        DispensedItem item = World.Item(0, 1);
        Assert.Equal(Outcome.QueryOpen, world.Do(world.DispenseAt("pharmacy-b", "pharmacist-b", item)));
        world.Done(world.Confirm());
        Assert.Equal(Outcome.Accepted, world.Do(world.DispenseAt("pharmacy-b", "pharmacist-b", item)));
    }

    [Fact]
    public void Confirm_AnotherPrescriberOfTheHospital_IsNotTheIssuer()
    {
        world.Done(world.Issue()).Done(world.Claim()).Done(world.Review(Verdict.Query));
        Assert.Equal(Outcome.NotIssuer, world.Do(Changed(world.Confirm(), e => Sign(e, "dr-wilson"))));
    }

    [Fact]
    public void Review_ByThePrescriberTurnedPharmacist_IsNotIndependent()
    {
        world.Policy.ApprovalsBeforeClaim = 1;
        world.Done(world.Issue());
        world.Practitioner("dr-house").Profession = Profession.Pharmacist;
        Event own = Changed(world.WardReview(Verdict.Approve), e => Sign(e, "dr-house"));
        Assert.Equal(Outcome.ReviewerNotIndependent, world.Do(own));
    }

    [Fact]
    public void PatientCancel_BadSignatureOrWrongToken_IsInvalid()
    {
        world.Done(world.Issue());
        Assert.Equal(Outcome.TokenInvalid, world.Do(world.PatientCancel(), tokenValid: false));
        Event other = Changed(world.PatientCancel(), e => e.Cancel.Token = World.Token("other"));
        Assert.Equal(Outcome.TokenInvalid, world.Do(other));
        Assert.Equal(PrescriptionStatus.Cancelled, world.Done(world.PatientCancel()).Status);
    }
}
