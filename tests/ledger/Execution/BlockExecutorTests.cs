using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tests.Independent;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>What a block consists of, and what it leaves in the state.</summary>
public sealed class BlockExecutorTests
{
    private readonly TestLedger _ledger = TestLedger.WithPeople();

    [Fact]
    public void Begin_Always_MakesGenesisAndFirstSeal()
    {
        var ledger = new TestLedger();
        Assert.Equal(2, ledger.Leaves.Count);
        Assert.Equal(FixedNetwork.Genesis().ToArray(), ledger.Leaves[0]);
        var seal = ledger.Seals[0];
        Assert.Equal((0, 0, 1), (seal.Height, seal.FirstLeaf, seal.EventCount));
        Assert.True(seal.PreviousSealHash.IsZero && seal.BatchHeader.IsEmpty);
        Assert.Equal(Rfc6962.LeafHash(ledger.Leaves[0]), seal.TreeRoot);
    }

    [Fact]
    public void Execute_Blocks_AreChained()
    {
        var before = _ledger.Head.SealHash;
        var treeBefore = _ledger.Head.Tree.Clone();
        var block = _ledger.Block(_ledger.Story.Issue("rx-1"));
        treeBefore.Append(block.LeafHashes[0]);
        Assert.Equal(before, block.Seal.PreviousSealHash);
        Assert.Equal(treeBefore.Root, block.Seal.TreeRoot);
        Assert.Equal(_ledger.State.Root, block.Seal.StateRoot);
        Assert.Equal(block.SizeAfter, _ledger.Head.Size);
    }

    [Fact]
    public void Execute_AcceptedAndRefusedEvents_ExtendTheLeafChain()
    {
        var issue = _ledger.Block(_ledger.Story.Issue("rx-1"));
        _ledger.Story.Claim("rx-1");
        var stale = _ledger.Block(_ledger.Story.Close("rx-1"));
        Assert.Equal(Outcome.Stale, stale.Places[0].Outcome);
        var stored = _ledger.State.Find<Prescription>(EntityKind.Prescription, Story.Id("rx-1").Span)!;
        var chain = Hash32.Sha256([.. Hash32.Sha256([.. new byte[32], .. issue.LeafHashes[0].Span]).Span, .. stale.LeafHashes[0].Span]);
        Assert.Equal(chain.ToArray(), stored.LeafChain.ToByteArray());
        Assert.Equal((2u, 1), (stored.LeafCount, stored.Acts.Count));
    }

    [Fact]
    public void Execute_UnknownPrescription_IsKeptWithItsChainAlone()
    {
        _ledger.Story.Issue("rx-1");
        _ledger.Block(_ledger.Story.Claim("rx-1"));
        var stored = _ledger.State.Find<Prescription>(EntityKind.Prescription, Story.Id("rx-1").Span)!;
        Assert.Equal((1u, PrescriptionStatus.Unspecified), (stored.LeafCount, stored.Status));
    }

    [Fact]
    public void Execute_AcceptedEventNeedsANewEntryInAFullBucket_LimitReached()
    {
        string pack = FillBucketOf("pack");
        _ledger.Block(_ledger.Story.Issue("rx-1"));
        _ledger.Block(_ledger.Story.Claim("rx-1"));
        Assert.Equal(Outcome.LimitReached, _ledger.Block(_ledger.Story.Dispense("rx-1", 1, pack)).Places[0].Outcome);
        Assert.Null(_ledger.State.Find<Pack>(EntityKind.Pack, Story.Hash(pack).Span));
        _ledger.Story.Forget("rx-1");
        _ledger.Story.NowMs += 1;
        Assert.Equal(Outcome.Accepted, _ledger.Block(_ledger.Story.Dispense("rx-1", 1, "other pack 1")).Places[0].Outcome);
    }

    [Fact]
    public void Execute_RefusedForAnotherReason_HasThatReasonInAFullBucket()
    {
        string pack = FillBucketOf("pack");
        _ledger.Block(_ledger.Story.Issue("rx-1"));
        _ledger.Block(_ledger.Story.Claim("rx-1"));
        Assert.Equal(Outcome.UnitsExceeded, _ledger.Block(_ledger.Story.Dispense("rx-1", 31, pack)).Places[0].Outcome);
    }

    [Fact]
    public void Rebuild_LoggedBlocks_GivesTheSameLeaves()
    {
        _ledger.Block(_ledger.Story.Issue("rx-1"), _ledger.Story.Issue("rx-2"));
        _ledger.Block();
        var copy = new TestLedger();
        for (int height = 1; height < _ledger.Seals.Count; height++)
            copy.Rebuild(_ledger, height);
        Assert.Equal(_ledger.Leaves, copy.Leaves);
    }

    [Fact]
    public void Rebuild_EveryKindOfAct_GivesTheSameLeavesAndState()
    {
        var copy = new TestLedger();
        for (int height = 1; height < SmallLog.Ledger.Seals.Count; height++)
            copy.Rebuild(SmallLog.Ledger, height);
        Assert.Equal(SmallLog.Ledger.Leaves, copy.Leaves);
        Assert.Equal(SmallLog.Ledger.State.ComputeRoot(), copy.State.ComputeRoot());
    }

    [Fact]
    public void Execute_IssueThatReplaces_BelongsToBothHistories()
    {
        var (first, second) = (_ledger.Story.Issue("rx-1"), Replacing("rx-2", "rx-1"));
        var block = _ledger.Block(first, second);
        AssertHistory("rx-1", block.LeafHashes[0], block.LeafHashes[1]);
        AssertHistory("rx-2", block.LeafHashes[1]);
        var refused = _ledger.Block(Replacing("rx-3", "rx-1"));
        Assert.Equal(Outcome.Cancelled, refused.Places[0].Outcome);
        AssertHistory("rx-1", block.LeafHashes[0], block.LeafHashes[1], refused.LeafHashes[0]);
        AssertHistory("rx-3", refused.LeafHashes[0]);
        Assert.Equal((1, Story.Id("rx-2")), (Find("rx-1").Acts.Count, Find("rx-1").ReplacedBy));
    }

    [Fact]
    public void Execute_IssueThatCovers_BelongsToBothHistories()
    {
        var block = _ledger.Block(_ledger.Story.EmergencySupply("rx-1", 5), Covering("rx-2", "rx-1"), Covering("rx-3", "rx-1"));
        Assert.Equal([Outcome.Accepted, Outcome.Accepted, Outcome.AlreadyCovered], block.Places.Select(p => p.Outcome));
        AssertHistory("rx-1", block.LeafHashes[0], block.LeafHashes[1], block.LeafHashes[2]);
        AssertHistory("rx-2", block.LeafHashes[1]);
        AssertHistory("rx-3", block.LeafHashes[2]);
        Assert.Equal((25u, 1), (Find("rx-2").Lines[0].Remaining, Find("rx-2").Supplies.Count));
    }

    [Fact]
    public void Execute_IssueThatReplacesAndCoversWhatIsNotThere_IsInTheirHistories()
    {
        var block = _ledger.Block(_ledger.Story.Issue("rx-1", change: issue =>
            (issue.Replaces, issue.Covers) = (Story.Id("rx-2"), Story.Id("rx-3"))));
        Assert.Equal(Outcome.ReplacedNotFound, block.Places[0].Outcome);
        foreach (string name in new[] { "rx-1", "rx-2", "rx-3" })
        {
            AssertHistory(name, block.LeafHashes[0]);
            Assert.Equal(PrescriptionStatus.Unspecified, Find(name).Status);
        }
    }

    [Fact]
    public void Execute_SideActs_ExtendTheLeafChainAndNoChainOfActs()
    {
        var block = _ledger.Block(_ledger.Story.Issue("rx-1"), _ledger.Story.Hold("rx-1"), _ledger.Story.RecordAccess("rx-1"));
        var refused = _ledger.Block(_ledger.Story.Settle("rx-1", _ledger.Story.Issue("rx-2")));
        Assert.Equal(Outcome.DispenseNotFound, refused.Places[0].Outcome);
        AssertHistory("rx-1", block.LeafHashes[0], block.LeafHashes[1], block.LeafHashes[2], refused.LeafHashes[0]);
        Assert.Single(Find("rx-1").Acts);
        byte[] id = [.. Story.Id("rx-1").Span, .. System.Text.Encoding.UTF8.GetBytes(FixedNetwork.Regulator)];
        var acts = _ledger.State.Find<SideActs>(EntityKind.SideActs, id)!.Acts;
        Assert.Equal((ulong)block.Places[1].LeafIndex, Assert.Single(acts).LeafIndex);
    }

    private SignedEvent Replacing(string prescription, string replaced) =>
        _ledger.Story.Issue(prescription, change: issue => issue.Replaces = Story.Id(replaced));

    private SignedEvent Covering(string prescription, string covered) =>
        _ledger.Story.Issue(prescription, change: issue => issue.Covers = Story.Id(covered));

    private Prescription Find(string prescription) =>
        _ledger.State.Find<Prescription>(EntityKind.Prescription, Story.Id(prescription).Span)!;

    private void AssertHistory(string prescription, params Hash32[] leafHashes)
    {
        var stored = Find(prescription);
        var chain = leafHashes.Aggregate(default(Hash32), (before, leaf) => Hash32.Sha256([.. before.Span, .. leaf.Span]));
        Assert.Equal(((uint)leafHashes.Length, chain.ToString()), (stored.LeafCount, new Hash32(stored.LeafChain.Span).ToString()));
    }

    // Fills the bucket of a pack with clocks that nobody reads.
    private string FillBucketOf(string pack)
    {
        uint bucket = StateKey.Of(EntityKind.Pack, Story.Hash(pack).Span).Prefix(8);
        for (int i = 0, filled = 0; filled < Bucket.MaxEntries; i++)
        {
            byte[] id = BitConverter.GetBytes(i);
            if (StateKey.Of(EntityKind.Clock, id).Prefix(8) != bucket)
                continue;
            _ledger.State.Put(EntityKind.Clock, id, new Clock());
            filled++;
        }
        return pack;
    }
}
