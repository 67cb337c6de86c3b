using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>What a network can set: custody, reviewers, registrars, claims without the token.</summary>
public class PolicyTests
{
    private const uint ClaimOverride = 4;

    private readonly World world = new();

    [Fact]
    public void CustodyByAct_IsTheExceptionFromLeastCustody()
    {
        world.Policy.LeastCustody = Custody.Card;
        world.Policy.CustodyByAct.Add(new ActCustody { Act = "issue", Least = Custody.OwnDevice });
        world.Policy.CustodyByAct.Add(new ActCustody { Act = "record_supply", Least = Custody.Organisation });
        world.Done(world.Issue()).Done(world.Claim());
        Assert.Equal(Outcome.CustodyTooWeak, world.Do(world.Dispense(1)));
        world.Key("pharmacist-a").Custody = Custody.Organisation;
        Assert.Equal(Outcome.Accepted, world.Do(world.RecordSupply(world.Now, Item(0, 1))));
        world.Key("dr-house").Custody = Custody.Organisation;
        world.Rx = Id("rx-2");
        Assert.Equal(Outcome.CustodyTooWeak, world.Do(world.Issue()));
    }

    [Fact]
    public void Reviewers_BeforeAClaim_OnlyThese()
    {
        world.Policy.ApprovalsBeforeClaim = 1;
        world.Policy.ApprovalsBeforeDispense = 2;
        world.Policy.Reviewers.Add("hospital");
        world.Done(world.Issue());
        Assert.Equal(Outcome.ReviewerNotAllowed, world.Do(world.Review(Verdict.Reject)));
        world.Done(world.WardReview(Verdict.Approve)).Done(world.Claim());
        Assert.Equal(Outcome.Accepted, world.Do(world.Review(Verdict.Approve)));
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(1)));
    }

    [Fact]
    public void ApprovalsBeforeClaim_Two_AreTwoPeople()
    {
        world.Policy.ApprovalsBeforeClaim = 2;
        world.Done(world.Issue()).Done(world.WardReview(Verdict.Approve));
        Assert.Equal(Outcome.ReviewMissing, world.Do(world.Claim()));
        Assert.Equal(Outcome.ReviewerNotIndependent, world.Do(world.WardReview(Verdict.Approve)));
        Assert.Equal(PrescriptionStatus.Active, world.Done(world.Review(Verdict.Approve)).Status);
    }

    [Fact]
    public void Registrars_MayRegisterButNotSuspend()
    {
        world.Policy.Registrars.Add("hospital");
        Event register = Changed(world.Register("dr-new", Profession.Prescriber, "hospital"), ByHospital);
        Assert.Equal(Outcome.Accepted, world.Do(register));
        Assert.Equal(Outcome.NotAuthorised, world.Do(Changed(world.Suspend("dr-new"), ByHospital)));
        Event other = Changed(world.Register("dr-other", Profession.Prescriber, "hospital"), ByHospital);
        Assert.Equal(Outcome.NotAuthorised, world.Do(Changed(other, e => ActAs(e, "hospital-2"))));
        ActAs(other, "hospital");
        Assert.Equal(Outcome.NotAuthorised, world.Do(Changed(other, e => e.Role = Role.Insurer)));
    }

    [Fact]
    public void ClaimByOverride_Allowed_TellsTheRegulator()
    {
        world.Policy.ClaimOverrideAllowed = true;
        world.Done(world.Issue()).Done(world.ClaimByOverride());
        Assert.Equal(ClaimOverride, world.Stored.Acts[^1].Marks);
        world.Done(world.Return()).Done(world.Claim());
        Assert.Equal(0u, world.Stored.Acts[^1].Marks);
    }

    [Fact]
    public void ClaimByPresence_KeyOfSomebodyElse_IsInvalid()
    {
        world.Done(world.Issue());
        foreach (string owner in new[] { "insurer-2", "hospital" })
        {
            Key key = PresenceKey();
            key.Organisation = owner;
            Assert.Equal(Outcome.PresenceInvalid, world.Do(world.ClaimByPresence()));
        }
        PresenceKey().Organisation = Insurer;
        PresenceKey().PractitionerId = Id("dr-house");
        Assert.Equal(Outcome.PresenceInvalid, world.Do(world.ClaimByPresence()));
        PresenceKey().PractitionerId = ByteString.Empty;
        PresenceKey().ValidUntil = 1;
        Assert.Equal(Outcome.PresenceInvalid, world.Do(world.ClaimByPresence()));
        PresenceKey().ValidUntil = 0;
        Assert.Equal(Outcome.PresenceInvalid, world.Do(world.ClaimByPresence(payer: "unknown")));
        Assert.Equal(Outcome.Accepted, world.Do(world.ClaimByPresence()));
    }

    [Fact]
    public void ClaimByPresence_PayerThatIsNoInsurer_IsInvalid()
    {
        world.Done(world.Issue());
        world.State.Peek<Organisation>(EntityKind.Organisation, ByteString.CopyFromUtf8(Insurer))!.Roles[0] = Role.Hospital;
        Assert.Equal(Outcome.PresenceInvalid, world.Do(world.ClaimByPresence()));
    }

    [Theory]
    [InlineData(30 * Minute, (30 * Minute) - 1, Outcome.Accepted)]
    [InlineData(30 * Minute, 30 * Minute, Outcome.PresenceTooOld)]
    [InlineData(30 * Minute, -5 * Minute, Outcome.Accepted)]
    [InlineData(30 * Minute, (-5 * Minute) - 1, Outcome.PresenceTooOld)]
    [InlineData(0, 0, Outcome.PresenceTooOld)]
    [InlineData(0, -1, Outcome.PresenceTooOld)]
    public void ClaimByPresence_Age_IsLessThanThePeriod(long periodMs, long ageMs, Outcome expected)
    {
        world.Policy.PresencePeriodMs = periodMs;
        world.Done(world.Issue());
        Event e = Changed(world.ClaimByPresence(), c => c.Claim.Presence.AttestedMs = world.Now - ageMs);
        Assert.Equal(expected, world.Do(e));
    }

    private Key PresenceKey() =>
        world.State.Peek<Key>(EntityKind.Key, ByteString.CopyFrom(KeyId.Of(KeyId.EcdsaP256, PublicKey(Insurer).Span)))!;

    private static void ByHospital(Event e)
    {
        ActAs(e, "hospital");
        e.Role = Role.Hospital;
    }
}
