using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The patient's token: replaced, bound.</summary>
public class TokenTests
{
    private readonly World world = new();

    private Event ClaimWith(string token, string pharmacy = "pharmacy-a") =>
        Changed(world.Claim(pharmacy), e => e.Claim.Token = Token(token));

    [Fact]
    public void ReplaceToken_OldTokenIsDead_NewOneCounts()
    {
        world.Done(world.Issue()).Done(world.ReplaceToken());
        Assert.Equal(Outcome.TokenReplaced, world.Do(world.Claim()));
        Assert.Equal(Outcome.TokenInvalid, world.Do(world.Claim(), tokenValid: false));
        Assert.Equal(Outcome.TokenReplaced, world.Do(world.PatientCancel()));
        Assert.Equal(Outcome.Accepted, world.Do(ClaimWith("new token")));
    }

    [Theory]
    [InlineData(TokenName)]
    [InlineData("new token")]
    public void ReplaceToken_KeyOfThisPrescription_AlreadyExists(string key)
    {
        world.Done(world.Issue()).Done(world.ReplaceToken());
        Event e = Changed(world.ReplaceToken(key), e => ActAs(e, "hospital-2"));
        Assert.Equal(Outcome.AlreadyExists, world.Do(e));
    }

    [Fact]
    public void ReplaceToken_ByAnotherHospitalOrFinished_IsRefused()
    {
        world.Done(world.Issue());
        Assert.Equal(Outcome.NotIssuer, world.Do(Changed(world.ReplaceToken(), e => ActAs(e, "hospital-2"))));
        Assert.Equal(Outcome.Cancelled, world.Done(world.Cancel()).Do(world.ReplaceToken()));
    }

    [Fact]
    public void ReplaceToken_PrescriptionWithoutToken_GivesItOne()
    {
        world.Done(Changed(world.Issue(), e => (e.Issue.TokenKey, e.Issue.Nominee) = (ByteString.Empty, "pharmacy-b")));
        world.Done(world.ReplaceToken());
        Assert.Empty(world.Stored.OldTokens);
        Assert.Equal(Outcome.Accepted, world.Do(ClaimWith("new token")));
    }

    [Fact]
    public void ReplaceToken_SixteenOldOnes_IsTheLimit()
    {
        world.Done(world.Issue());
        for (int i = 0; i < 16; i++) world.Done(world.ReplaceToken("token " + i));
        Assert.Equal(Outcome.LimitReached, world.Do(world.ReplaceToken("token 16")));
    }

    [Fact]
    public void BindToken_OtherPharmacy_CannotClaimWithIt()
    {
        world.Done(world.Issue()).Done(world.BindToken("pharmacy-b"));
        Assert.Equal(Outcome.TokenBoundElsewhere, world.Do(world.Claim("pharmacy-a")));
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim("pharmacy-b")));
    }

    [Fact]
    public void BindToken_Empty_FreesIt()
    {
        world.Done(world.Issue()).Done(world.BindToken("pharmacy-b")).Done(world.BindToken(""));
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim("pharmacy-a")));
    }

    [Fact]
    public void ReplaceToken_Bound_IsFreeAgain()
    {
        world.Done(world.Issue()).Done(world.BindToken("pharmacy-b")).Done(world.ReplaceToken());
        Assert.Equal(Outcome.Accepted, world.Do(ClaimWith("new token", "pharmacy-a")));
    }

    [Fact]
    public void BindToken_NomineeAndLateSupply_AreNotBound()
    {
        world.Done(Changed(world.Issue(), e => e.Issue.Nominee = "pharmacy-a")).Done(world.BindToken("pharmacy-b"));
        Event late = Changed(world.RecordSupply(world.Now, Item(0, 1)), e => e.RecordSupply.Token = Token());
        Assert.Equal(Outcome.Accepted, world.Do(late));
        Assert.Equal(Outcome.Accepted, world.Do(world.ClaimAsNominee("pharmacy-a")));
    }

    [Fact]
    public void BindToken_BadTokenOrFinished_IsRefused()
    {
        world.Done(world.Issue());
        Assert.Equal(Outcome.TokenInvalid, world.Do(world.BindToken("pharmacy-b"), tokenValid: false));
        world.Done(world.Claim()).Done(world.BindToken("pharmacy-b")).Done(world.Close());
        Assert.Equal(Outcome.Completed, world.Do(world.BindToken("")));
        Assert.Equal(PrescriptionStatus.Completed, world.Status);
    }
}
