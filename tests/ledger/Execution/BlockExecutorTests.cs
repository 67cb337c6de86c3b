using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tests.Fixtures;
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
