using System.Text;
using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>Changes of the members on a ledger: blocks, batches, eras and keys around them.</summary>
public class MembershipTests
{
    private readonly TestLedger _ledger = TestLedger.WithPeople();

    private Story Story => _ledger.Story;

    [Fact]
    public void Execute_RemovedInTheSameBlock_ItsActsCountUpToTheSeal()
    {
        var proposal = Proposed(Story.Remove(FixedNetwork.Insurer));
        var places = _ledger.Block([.. Approvals(proposal), Story.Propose(Story.SetQuorum(4), FixedNetwork.Insurer)]).Places;
        Assert.All(places, place => Assert.Equal(Outcome.Accepted, place.Outcome));
        Story.NowMs++;
        Assert.Equal(Outcome.NotAuthorised, _ledger.Block(Story.Propose(Story.SetQuorum(4), FixedNetwork.Insurer)).Places[0].Outcome);
    }

    [Fact]
    public void Execute_SameProposeOrVoteAgain_GivesTheFirstOutcome()
    {
        var proposal = Proposed(Story.Remove(FixedNetwork.Insurer));
        var vote = Story.Vote(proposal, FixedNetwork.Hospital);
        var first = _ledger.Block(vote).Places[0];
        var again = _ledger.Block(proposal, vote, Story.Vote(proposal, FixedNetwork.PharmacyA)).Places;
        Assert.Equal([(Outcome.Accepted, true), (Outcome.Accepted, true), (Outcome.Accepted, false)], again.Select(p => (p.Outcome, p.Duplicate)));
        Assert.Equal(first.LeafIndex, again[1].LeafIndex);
    }

    [Fact]
    public void Execute_BatchOfARemovedValidator_DoesNotCount()
    {
        InForce(Story.Remove(FixedNetwork.PharmacyB));
        Assert.Null(_ledger.Try(_ledger.Header() with { Proposer = FixedNetwork.PharmacyB }, out string reason, []));
        Assert.Equal($"batch: {FixedNetwork.PharmacyB} is not a validator", reason);
        Assert.NotNull(_ledger.Try(_ledger.Header() with { Proposer = FixedNetwork.Hospital }, out _, []));
    }

    [Fact]
    public void Execute_NodeKeyRotated_OnlyTheNewOneSignsBatches()
    {
        InForce(Story.Rotate(Card(FixedNetwork.Hospital, FixedNetwork.Hospital, "new", FixedNetwork.Hospital, FixedNetwork.Hospital)));
        var header = _ledger.Header() with { Proposer = FixedNetwork.Hospital };
        Assert.Null(_ledger.Try(header, out string reason, [], signer: FixedNetwork.Hospital));
        Assert.Contains("not by the node key", reason, StringComparison.Ordinal);
        Assert.NotNull(_ledger.Try(header, out _, [], signer: "new"));
        Assert.Equal(FixedNetwork.Key("new", "node").PublicKey, ValidatorSet.Current(_ledger.State).NodeKey(FixedNetwork.Hospital));
    }

    [Fact]
    public void Execute_OrganisationKeyRotated_OldSignaturesAreRevoked()
    {
        var late = Story.Propose(Story.SetQuorum(4), FixedNetwork.Insurer);
        InForce(Story.Rotate(FixedNetwork.Card(FixedNetwork.Insurer, [Role.Insurer], "insurer's new")));
        Assert.Equal(Outcome.KeyRevoked, _ledger.Block(late).Places[0].Outcome);
        Story.KeyLabels[FixedNetwork.Insurer] = "insurer's new";
        Assert.Equal(Outcome.Accepted, _ledger.Block(Story.Propose(Story.SetQuorum(4), FixedNetwork.Insurer)).Places[0].Outcome);
    }

    [Fact]
    public void At_SizeUpToAndAfterTheChange_GivesTheEraThatRulesIt()
    {
        InForce(Story.Remove(FixedNetwork.PharmacyB));
        long size = _ledger.Head.Size;
        _ledger.Proposers.Remove(FixedNetwork.PharmacyB);
        _ledger.Block();
        Assert.Equal((1u, 4), (ValidatorSet.At(_ledger.State, size).Number, ValidatorSet.At(_ledger.State, size).Names.Count));
        Assert.Equal((2u, 3), (ValidatorSet.At(_ledger.State, size + 1).Number, ValidatorSet.Current(_ledger.State).Names.Count));
        Assert.Equal(size, ValidatorSet.Current(_ledger.State).FromSize);
    }

    [Fact]
    public void Execute_RemovedValidatorsClock_NoLongerMovesLedgerTime()
    {
        InForce(Story.Remove(FixedNetwork.PharmacyB));
        Assert.Null(_ledger.State.Find<Clock>(EntityKind.Clock, Encoding.UTF8.GetBytes(FixedNetwork.PharmacyB)));
    }

    [Fact]
    public void Execute_NextContractVersion_StopsAfterItsBlockEvenWhenEmpty()
    {
        var policy = FixedNetwork.Policy();
        policy.ContractVersion = 2;
        InForce(Story.SetPolicy(policy));
        var stop = Assert.Throws<NotSupportedException>(() => _ledger.Try(_ledger.Header(), out _, []));
        Assert.Contains("Contract version 2 is in force", stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CardWithAKeyThatIsNotProved_IsInvalid()
    {
        var card = Card("ward.example", "ward", "ward", "ward", "ward");
        Assert.Equal(SignatureVerdict.Valid, Verdict(Story.Add(card)));
        for (int back = 1; back <= 4; back++)
        {
            byte[] bytes = [.. card.Bytes];
            bytes[^(64 * back)] ^= 1;
            Assert.Equal(SignatureVerdict.Invalid, Verdict(new Propose { RotateKeys = new RotateKeys { Card = ByteString.CopyFrom(bytes) } }));
        }
    }

    [Fact]
    public void Rebuild_ALedgerWithChanges_GivesItsRoots()
    {
        InForce(Story.Add(Card("ward.example", "ward", "ward", "ward", "ward")));
        InForce(Story.Remove(FixedNetwork.Insurer, FixedNetwork.Hospital));
        var policy = FixedNetwork.Policy();
        (policy.PackKeyVersion, policy.PackKeyExchange) = (2, true);
        InForce(Story.SetPolicy(policy));
        var again = new TestLedger();
        for (int height = 1; height < _ledger.Seals.Count; height++)
            again.Rebuild(_ledger, height);
        Assert.Equal((_ledger.Head.Tree.Root, _ledger.State.Root), (again.Head.Tree.Root, again.State.Root));
    }

    private static MemberCard Card(string name, string organisation, params string[] validator) =>
        FixedNetwork.Card(name, [Role.Hospital], organisation, validator);

    private SignatureVerdict Verdict(Propose change)
    {
        var keys = new KeyDirectory();
        keys.Add(FixedKeys.PublicKey(FixedNetwork.Regulator));
        return new EventVerifier(keys).Check(Story.Propose(change)).Verdict;
    }

    private SignedEvent Proposed(Propose change)
    {
        Story.NowMs++;
        var proposal = Story.Propose(change);
        Assert.Equal(Outcome.Accepted, _ledger.Block(proposal).Places[0].Outcome);
        return proposal;
    }

    private SignedEvent[] Approvals(SignedEvent proposal)
    {
        var era = ValidatorSet.Current(_ledger.State);
        return [.. era.Names.Where(FixedNetwork.Validators.Contains).Take(era.Quorum.SmallestQuorum).Select(name => Story.Vote(proposal, name))];
    }

    private void InForce(Propose change)
    {
        var proposal = Proposed(change);
        _ledger.Block(Approvals(proposal));
        var stored = _ledger.State.Find<Proposal>(EntityKind.Proposal, proposal.EventId.Span)!;
        Assert.Equal((ProposalStatus.InForce, (ulong)_ledger.Head.Size), (stored.Status, stored.InForceFrom));
    }
}
