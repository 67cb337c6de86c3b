using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Fixtures;

/// <summary>A ledger of the fixed network in memory: what one honest node would have.</summary>
internal sealed class TestLedger
{
    private static readonly KeyDirectory KnownKeys = new();
    private ulong _position;

    public TestLedger(GenesisLeaf? genesis = null)
    {
        genesis ??= FixedNetwork.Genesis();
        State = new StateMap((int)genesis.Policy.BucketBits, new NoBuckets());
        Executor = new BlockExecutor(State, Head);
        foreach (var member in genesis.Members)
            KnownKeys.Add(member.OrganisationKey);
        Take(Executor.Begin(genesis));
    }

    public StateMap State { get; }

    public ChainHead Head { get; } = new();

    public BlockExecutor Executor { get; }

    public Story Story { get; } = new();

    public List<byte[]> Leaves { get; } = [];

    public List<SealLeaf> Seals { get; } = [];

    /// <summary>Who proposes batches, in turn.</summary>
    public List<string> Proposers { get; } = [.. FixedNetwork.Validators];

    /// <summary>Labels of node keys other than the validator's name.</summary>
    public Dictionary<string, string> NodeKeys { get; } = [];

    /// <summary>Clock of the next batch; each block adds a second.</summary>
    public long ClockMs { get; set; } = FixedNetwork.CreatedMs + 60_000;

    /// <summary>A ledger with a prescriber and a pharmacist registered.</summary>
    public static TestLedger WithPeople()
    {
        var ledger = new TestLedger();
        ledger.Block(
            ledger.Story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital),
            ledger.Story.Register(Story.Pharmacist, Profession.Pharmacist, FixedNetwork.PharmacyA));
        return ledger;
    }

    /// <summary>Makes a block that must count, by each validator in turn.</summary>
    public ExecutedBlock Block(params SignedEvent[] events)
    {
        var block = Try(Header(events), out string reason, events);
        Assert.True(block is not null, reason.Length > 0 ? reason : "nothing but duplicates");
        return block;
    }

    /// <summary>Runs a batch with this header, signed by its proposer's node key or another.</summary>
    public ExecutedBlock? Try(BatchHeader header, out string reason, SignedEvent[] events, string? signer = null)
    {
        var verifier = new EventVerifier(KnownKeys);
        byte[] headerBytes = SignHeader(header, signer ?? NodeKeys.GetValueOrDefault(header.Proposer, header.Proposer));
        var batch = Batch.Create(headerBytes, header, events);
        var block = Executor.Execute(new CheckedBatch(batch, [.. events.Select(verifier.Check)]), ++_position, out reason);
        if (block is not null)
            Take(block);
        foreach (var e in events)
        {
            if (e.Event.RegisterPractitioner is { } registration)
                KnownKeys.Add(registration.PublicKey.Span);
            if ((e.Event.Propose?.AddMember?.Card ?? e.Event.Propose?.RotateKeys?.Card) is { } card
                && MemberCard.TryParse(FixedNetwork.Origin, card.Memory, out var parsed, out _))
                KnownKeys.Add(parsed.OrganisationKey);
        }
        return block;
    }

    /// <summary>Opens the next epoch at the present head, by these validators or the first three.</summary>
    public ExecutedBlock Recover(params string[] validators)
    {
        var block = Executor.Recover(Recovery(validators), out string reason);
        Assert.True(block is not null, reason);
        Take(block);
        _position = block.Seal.OrderingPosition;
        return block;
    }

    /// <summary>The record that they would sign: all of them have cosigned the present head.</summary>
    public RecoveryLeaf Recovery(params string[] validators) => Recovery(Head.Epoch + 1, Head.Size, Head.Tree.Root, validators);

    /// <summary>A record for this place of a log.</summary>
    public static RecoveryLeaf Recovery(ulong epoch, long size, Hash32 root, params string[] validators)
    {
        if (validators.Length == 0)
            validators = FixedNetwork.Validators[..3];
        var draft = new RecoveryLeaf
        {
            Network = FixedNetwork.Origin,
            Epoch = epoch,
            StartPosition = 7,
            BaseSize = size,
            BaseRoot = root,
            Statements = [.. validators.Select(v =>
                RecoveryStatement.Sign(FixedNetwork.Origin, epoch, v, size, root, FixedNetwork.Key(v, "node")))],
            Signatures = [],
        };
        return validators.Aggregate(draft, (record, v) => record.SignedBy(v, FixedNetwork.Key(v, "node")));
    }

    /// <summary>Makes a block of another ledger again, out of its leaves.</summary>
    public void Rebuild(TestLedger other, int height)
    {
        var seal = other.Seals[height];
        if (RecoveryLeaf.TryParse(other.Leaves[(int)seal.FirstLeaf], out var record))
        {
            var epoch = Executor.Recover(record, out string fault);
            Assert.True(epoch is not null, fault);
            Take(epoch);
            return;
        }
        var verifier = new EventVerifier(KnownKeys);
        var leaves = other.Leaves.Skip((int)seal.FirstLeaf).Take(seal.EventCount);
        var block = Executor.Rebuild(seal, [.. leaves.Select(leaf => verifier.Check(Fixtures.Story.Parse(leaf[4..])))], out string reason);
        Assert.True(block is not null, reason);
        Take(block);
    }

    /// <summary>Imports the key of a label, as a node does that has seen it elsewhere.</summary>
    public static void Know(string label) => KnownKeys.Add(FixedKeys.PublicKey(label));

    /// <summary>The header that the next proposer would make.</summary>
    public BatchHeader Header(params SignedEvent[] events) => new()
    {
        Network = FixedNetwork.Origin,
        Epoch = Head.Epoch,
        BaseHeight = Head.Height,
        BaseSealHash = Head.SealHash,
        ClockMs = ClockMs += 1000,
        Proposer = Proposers[(int)(Head.Height % Proposers.Count)],
        EnvelopeHashes = [.. events.Select(e => e.EnvelopeHash)],
    };

    public static byte[] SignHeader(BatchHeader header, string signer)
    {
        byte[] unsigned = header.UnsignedBytes();
        return [.. unsigned, .. FixedNetwork.Key(signer, "node").Sign(BatchHeader.SignedBytes(unsigned))];
    }

    /// <summary>The present head, signed by the first three validators or by those named.</summary>
    public SignedCheckpoint Checkpoint(params string[] validators) => FixedNetwork.Sign(
        new Checkpoint(FixedNetwork.Origin, Head.Size, Head.Tree.Root), ClockMs / 1000,
        validators.Length > 0 ? validators : FixedNetwork.Validators[..3]);

    /// <summary>The receipt of one leaf under the present head.</summary>
    public TlogProof Receipt(long index)
    {
        var tiles = new TileReader(Head.Size, TileFiles.Source(TileFiles.Of(Leaves)));
        Assert.True(MerkleProver.TryProveInclusion(index, Head.Size, tiles.ReadNode, out var proof));
        return new TlogProof(index, proof, Checkpoint());
    }

    private void Take(ExecutedBlock block)
    {
        Leaves.AddRange(block.Leaves.Select(leaf => leaf.ToArray()));
        Seals.Add(block.Seal);
    }

    private sealed class NoBuckets : IBucketReader
    {
        public byte[]? ReadBucket(uint bucket) => null;
    }
}
