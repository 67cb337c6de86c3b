using Google.Protobuf;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>What passes, what it does when the block closes, and what cannot be proposed.</summary>
public class ProposalTests
{
    private readonly World world = new();

    private ulong FirstAfter => world.Leaf + 1;

    [Fact]
    public void Add_Validator_BeginsAnEraAndAClock()
    {
        world.Passed(Add(Card("ward", Role.Hospital, validator: true)));
        ulong from = FirstAfter;
        world.CloseBlock();
        Assert.Equal((2u, from, 4u, 5), (world.NetworkRecord.Era, world.Era.FromSize, world.Era.Threshold, world.Era.Validators.Count));
        Assert.Equal(["hospital", "pharmacy-a", "pharmacy-b", "regulator", "ward"], world.NetworkRecord.Validators);
        Assert.Equal(["hospital", "hospital-2", "insurer", "pharmacy-a", "pharmacy-b", "regulator", "ward"], world.NetworkRecord.Members);
        Assert.Equal(world.Now - 1, world.ClockOf("ward")!.ReportedMs);
        Assert.Equal(ValidatorKey("ward", "node"), world.Era.Validators[^1].NodeKey);
        Assert.Equal((from, 0ul), Interval(KeyId.EcdsaP256, PublicKey("key of ward")));
        Assert.Equal((from, 0ul), Interval(KeyId.Ed25519, ValidatorKey("ward", "log")));
        world.Done(world.Vote(world.Proposed(Remove("insurer"), "ward"), "ward"));
    }

    [Fact]
    public void Add_MemberWithoutNode_BeginsNoEra()
    {
        world.InForce(Add(Card("village", Role.Pharmacy, validator: false)));
        Assert.Equal((1u, 4), (world.NetworkRecord.Era, world.NetworkRecord.Validators.Count));
        Assert.Null(world.ClockOf("village"));
        Assert.Equal(Outcome.NotAValidator, world.Do(world.Vote(world.Proposed(Remove("insurer"), "village"), "village")));
    }

    [Fact]
    public void Remove_Validator_EndsKeysClockAndRights()
    {
        world.Passed(Remove("pharmacy-b", "pharmacy-a"));
        ulong until = FirstAfter;
        world.Done(world.Propose(SetQuorum(4), "pharmacy-b"));
        until++;
        world.CloseBlock();
        Organisation gone = world.Organisation("pharmacy-b");
        Assert.Equal((until, "pharmacy-a", true), (gone.ValidUntil, gone.Successor, gone.NodeKey.IsEmpty));
        Assert.Equal(until, world.Key("pharmacy-b").ValidUntil);
        Assert.Equal(until, world.KeyOfPublic(KeyId.Ed25519, ValidatorKey("pharmacy-b", "cosigner"))!.ValidUntil);
        Assert.Null(world.ClockOf("pharmacy-b"));
        Assert.Equal((2u, 3u), (world.NetworkRecord.Era, world.Era.Threshold));
        Assert.Equal(Outcome.NotAuthorised, world.Do(world.Propose(SetQuorum(3), "pharmacy-b")));
        Assert.DoesNotContain("pharmacy-b", world.NetworkRecord.Members);
    }

    [Fact]
    public void Remove_Insurer_IsNoPayerAnyMore()
    {
        world.Done(world.Issue()).Done(world.Claim()).InForce(Remove("insurer"));
        Event dispense = world.Dispense(1);
        dispense.Dispense.Payer = "insurer";
        Assert.Equal(Outcome.PayerUnknown, world.Do(dispense));
    }

    [Fact]
    public void Rotate_OrganisationKey_OldOneEndsWhereTheNewOneBegins()
    {
        ByteString fresh = PublicKey("key of new hospital");
        ByteString[] kept = [ValidatorKey("hospital", "node"), ValidatorKey("hospital", "cosigner"), ValidatorKey("hospital", "log")];
        world.Passed(Rotate(Card("hospital", Role.Hospital, fresh, kept)));
        Event old = world.Propose(Remove("insurer"), "hospital");
        world.Done(old);
        ulong from = FirstAfter;
        world.CloseBlock();
        Assert.Equal(from, world.Key("hospital").ValidUntil);
        Assert.Equal((from, 0ul), Interval(KeyId.EcdsaP256, fresh));
        Assert.Equal(1u, world.NetworkRecord.Era);
        Event next = world.Propose(Remove("insurer"), "hospital");
        Assert.Equal(Outcome.KeyRevoked, world.Do(next));
        next.KeyIds[0] = KeyOf("new hospital");
        Assert.Equal(Outcome.Accepted, world.Do(next));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Rotate_OneValidatorKey_BeginsAnEraWithIt(int which)
    {
        ByteString[] keys = [ValidatorKey("hospital", "node"), ValidatorKey("hospital", "cosigner"), ValidatorKey("hospital", "log")];
        ByteString old = keys[which];
        keys[which] = Hash("a new one");
        world.InForce(Rotate(Card("hospital", Role.Hospital, PublicKey("key of hospital"), keys)));
        EraValidator now = world.Era.Validators[0];
        Assert.Equal((2u, 3u), (world.NetworkRecord.Era, world.Era.Threshold));
        Assert.True(keys.SequenceEqual([now.NodeKey, now.CosignerKey, now.LogKey]));
        Assert.Equal(world.Era.FromSize, world.KeyOfPublic(KeyId.Ed25519, old)!.ValidUntil);
        Assert.Equal(0ul, world.Key("hospital").ValidUntil);
        Assert.Equal(World.Start, world.ClockOf("hospital")!.ReportedMs);
    }

    [Fact]
    public void Rotate_CardWithoutValidatorKeys_ThenWithNewOnes_EndsAndBegins()
    {
        world.InForce(Rotate(Card("hospital", Role.Hospital, validator: false)));
        Assert.Equal((2u, 3), (world.NetworkRecord.Era, world.Era.Validators.Count));
        Assert.Null(world.ClockOf("hospital"));
        Assert.Equal(Outcome.ProposalNotPossible, world.Do(world.Propose(Rotate(Card("hospital", Role.Hospital, validator: true)))));
        ByteString[] fresh = [Hash("n"), Hash("c"), Hash("l")];
        world.InForce(Rotate(Card("hospital", Role.Hospital, PublicKey("key of hospital"), fresh)));
        Assert.Equal((3u, 4), (world.NetworkRecord.Era, world.Era.Validators.Count));
        Assert.Equal("hospital", world.NetworkRecord.Validators[0]);
    }

    [Fact]
    public void SetPolicy_IsInForceAfterItsBlock()
    {
        world.Done(world.Issue());
        ByteString id = world.Passed(world.ChangedPolicy(p => p.ClaimPeriodMs = Day));
        world.Done(world.Claim());
        Assert.Equal(world.Now + (2 * Hour), world.Stored.ClaimUntilMs);
        world.CloseBlock();
        PolicyChange change = Assert.Single(world.NetworkRecord.PolicyChanges);
        Assert.Equal((id, world.Leaf), (change.ProposalId, change.FromLeaf));
        world.Done(world.Extend());
        Assert.Equal(world.Now + Day, world.Stored.ClaimUntilMs);
    }

    [Fact]
    public void SetPolicy_PackKeyExchange_BeginsAndEndsByVote()
    {
        world.Done(world.Issue()).Done(world.Claim());
        world.InForce(world.ChangedPolicy(p => (p.PackKeyVersion, p.PackKeyExchange) = (2, true)));
        Assert.Equal(Outcome.PackKeyWrong, world.Do(world.Dispense(Item(0, 1, Pack("p", 30, 1)))));
        PackUse both = Pack("p2", 30, 1);
        (both.KeyVersion, both.PreviousMac) = (2, Hash("p"));
        world.Done(world.Dispense(Item(0, 1, both)));
        world.InForce(world.ChangedPolicy(p => p.PackKeyExchange = false));
        Assert.Equal(Outcome.PackKeyWrong, world.Do(world.Dispense(Item(0, 1, both))));
        both.PreviousMac = ByteString.Empty;
        Assert.Equal(Outcome.Accepted, world.Do(world.Dispense(Item(0, 1, both))));
    }

    [Fact]
    public void SetQuorum_Higher_CountsForTheNextVotesAndStaysHigher()
    {
        world.InForce(SetQuorum(4));
        Assert.Equal((2u, 4u), (world.NetworkRecord.Era, world.Era.Threshold));
        ByteString id = world.Proposed(Add(Card("ward", Role.Hospital, validator: true)));
        foreach (string voter in new[] { "hospital", "pharmacy-a", "pharmacy-b" }) world.Done(world.Vote(id, voter));
        Assert.Equal(ProposalStatus.Open, world.Proposal(id).Status);
        world.Done(world.Vote(id, "regulator")).CloseBlock();
        Assert.Equal(4u, world.Era.Threshold);
        world.InForce(SetQuorum(5)).InForce(Remove("ward"));
        Assert.Equal(4u, world.Era.Threshold);
        world.InForce(SetQuorum(3)).InForce(Add(Card("ward-2", Role.Hospital, validator: true)));
        Assert.Equal(4u, world.Era.Threshold);
    }

    [Fact]
    public void Passed_TwoInOneBlock_TheSecondIsJudgedAfterTheFirst()
    {
        ByteString[] ids = [world.Proposed(Remove("insurer")), world.Proposed(Remove("hospital-2", "insurer"))];
        foreach (ByteString id in ids)
            foreach (string voter in new[] { "hospital", "pharmacy-a", "pharmacy-b" }) world.Done(world.Vote(id, voter));
        world.CloseBlock();
        Assert.Equal(ProposalStatus.InForce, world.Proposal(ids[0]).Status);
        Assert.Equal((ProposalStatus.Failed, ProposalFault.SuccessorNotAMember), (world.Proposal(ids[1]).Status, world.Proposal(ids[1]).Fault));
        Assert.Equal(0ul, world.Organisation("hospital-2").ValidUntil);
        Assert.Empty(world.NetworkRecord.Passed);
        Assert.Empty(world.NetworkRecord.OpenProposals);
    }

    [Fact]
    public void Passed_TwoChangesOfValidatorsInOneBlock_BeginOneEra()
    {
        foreach (string name in new[] { "v1", "v2" }) world.Passed(Add(Card(name, Role.Pharmacy, validator: true)));
        world.CloseBlock();
        Assert.Equal((2u, 6, 5u), (world.NetworkRecord.Era, world.Era.Validators.Count, world.Era.Threshold));
    }

    [Fact]
    public void ValidatorsChange_OpenProposalWithEnoughVotesNow_PassesInTheSameBlock()
    {
        world.InForce(Add(Card("ward", Role.Hospital, validator: true)));
        ByteString waiting = world.Proposed(Remove("insurer"));
        foreach (string voter in new[] { "hospital", "pharmacy-a", "pharmacy-b" }) world.Done(world.Vote(waiting, voter));
        Assert.Equal(ProposalStatus.Open, world.Proposal(waiting).Status);
        world.InForce(Remove("ward"));
        Assert.Equal(ProposalStatus.InForce, world.Proposal(waiting).Status);
    }

    [Fact]
    public void ValidatorsChange_VotesOfWhoValidatesNoMore_DoNotCount()
    {
        ByteString waiting = world.Proposed(Remove("insurer"));
        foreach (string voter in new[] { "hospital", "pharmacy-a" }) world.Done(world.Vote(waiting, voter));
        world.InForce(Rotate(Card("hospital", Role.Hospital, validator: false)));
        world.Done(world.Vote(waiting, "pharmacy-b"));
        Assert.Equal(ProposalStatus.Open, world.Proposal(waiting).Status);
        world.Done(world.Vote(waiting, "regulator"));
        Assert.Equal(ProposalStatus.Passed, world.Proposal(waiting).Status);
    }

    [Fact]
    public void Open_EightOfOneOrganisation_NotANinthUntilOneIsOver()
    {
        ByteString[] ids = [.. Enumerable.Range(0, 8).Select(i => world.Proposed(world.ChangedPolicy(p => p.RetentionMs = i)))];
        Assert.Equal(Outcome.LimitReached, world.Do(world.Propose(SetQuorum(4))));
        world.Done(world.Propose(SetQuorum(4), "insurer"));
        foreach (string voter in new[] { "hospital", "pharmacy-a" }) world.Done(world.Vote(ids[3], voter, Ballot.Reject));
        world.Done(world.Propose(SetQuorum(4)));
        world.Now += 30 * Day;
        world.Done(world.Propose(Remove("insurer")));
        Assert.Single(world.NetworkRecord.OpenProposals);
    }

    [Fact]
    public void SixteenValidators_OneByOne_EveryEraFollowsTheQuorumRule()
    {
        for (int i = 5; i <= 20; i++) world.InForce(Add(Card($"v{i:00}", Role.Pharmacy, validator: true)));
        Assert.Equal((17u, 20, 14u), (world.NetworkRecord.Era, world.Era.Validators.Count, world.Era.Threshold));
        for (uint number = 1; number <= 17; number++)
        {
            ValidatorEra era = world.EraOf(number);
            Assert.Equal((number + 3, (uint)QuorumRule.MoreThanTwoThirds(era.Validators.Count)), ((uint)era.Validators.Count, era.Threshold));
        }
        Event more = world.Propose(Add(Card("v21", Role.Pharmacy, validator: true)));
        Assert.Equal(Outcome.ProposalNotPossible, world.Do(more));
        world.Done(world.Propose(Add(Card("v21", Role.Pharmacy, validator: false))));
    }

    private (ulong From, ulong Until) Interval(byte algorithm, ByteString key) =>
        (world.KeyOfPublic(algorithm, key)!.ValidFrom, world.KeyOfPublic(algorithm, key)!.ValidUntil);
}
