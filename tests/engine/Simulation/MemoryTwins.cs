using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Tlog;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>A state store of which a power loss leaves some earlier commit, whole, as SQLite with synchronous=NORMAL does.</summary>
internal sealed class MemoryStates : IStateStore
{
    private readonly List<(SortedDictionary<uint, byte[]> Rows, AppliedMark Mark)> _commits = [([], default)];

    private MemoryStates()
    {
    }

    public static MemoryStates Create() => new();

    public AppliedMark Applied => _commits[^1].Mark;

    public byte[]? ReadBucket(uint bucket) => _commits[^1].Rows.GetValueOrDefault(bucket);

    public IEnumerable<(uint Bucket, byte[] Bytes)> ReadAll() => _commits[^1].Rows.Select(r => (r.Key, r.Value));

    public void Commit(IReadOnlyList<BucketWrite> writes, AppliedMark mark)
    {
        var rows = new SortedDictionary<uint, byte[]>(_commits[^1].Rows);
        foreach (var write in writes)
        {
            if (write.Bytes is null)
                rows.Remove(write.Bucket);
            else
                rows[write.Bucket] = write.Bytes;
        }
        _commits.Add((rows, mark));
    }

    public void Reset() => _commits.Add(([], default));

    public void LosePower(Unflushed unflushed, Random random)
    {
        int kept = unflushed switch
        {
            Unflushed.Lost => 1,
            Unflushed.Kept => _commits.Count,
            _ => random.Next(1, _commits.Count + 1),
        };
        _commits.RemoveRange(kept, _commits.Count - kept);
    }

    /// <summary>Changes a byte of some row.</summary>
    public void Damage(Random random)
    {
        var rows = _commits[^1].Rows;
        if (rows.Count == 0)
            return;
        uint bucket = rows.Keys.ElementAt(random.Next(rows.Count));
        byte[] bytes = [.. rows[bucket]];
        bytes[random.Next(bytes.Length)] ^= 1;
        rows[bucket] = bytes;
    }

    public void Dispose()
    {
    }
}

/// <summary>A checkpoint file of which a power loss leaves some earlier version, or none.</summary>
internal sealed class MemoryCheckpoints : ICheckpointStore
{
    private readonly List<SignedCheckpoint?> _saved = [null];
    private readonly Dictionary<uint, SignedCheckpoint> _eraEnds = [];

    public SignedCheckpoint? Read() => _saved[^1];

    public void Save(SignedCheckpoint checkpoint) => _saved.Add(checkpoint);

    public IReadOnlyDictionary<uint, SignedCheckpoint> EraEnds => _eraEnds;

    public SignedCheckpoint? ReadEraEnd(uint era) => _eraEnds.GetValueOrDefault(era);

    public void SaveEraEnd(uint era, SignedCheckpoint checkpoint) => _eraEnds[era] = checkpoint;

    public void LosePower(Unflushed unflushed, Random random)
    {
        int kept = unflushed == Unflushed.Kept ? _saved.Count : random.Next(1, _saved.Count + 1);
        _saved.RemoveRange(kept, _saved.Count - kept);
    }
}

/// <summary>Others' signatures, of which a power loss leaves some earlier version; proofs and the halt stay.</summary>
internal sealed class MemorySignatures : ICosignatureStore
{
    private readonly List<Dictionary<(string, uint), HeadCosigned>> _saved = [[]];
    private readonly List<EquivocationProof> _evidence = [];
    private Halt? _halt;

    public IReadOnlyList<HeadCosigned> ReadCosignatures() => [.. _saved[^1].Values];

    public void Save(IReadOnlyCollection<HeadCosigned> cosignatures)
    {
        var next = new Dictionary<(string, uint), HeadCosigned>(_saved[^1]);
        foreach (var cosigned in cosignatures)
            next[(cosigned.Sender, cosigned.Signature.KeyId)] = cosigned;
        _saved.Add(next);
    }

    public IReadOnlyList<EquivocationProof> ReadEvidence() => _evidence;

    public void Add(EquivocationProof proof) => _evidence.Add(proof);

    public Halt? ReadHalt() => _halt;

    public void Save(Halt halt) => _halt = halt;

    public void LosePower(Unflushed unflushed, Random random)
    {
        int kept = unflushed == Unflushed.Kept ? _saved.Count : random.Next(1, _saved.Count + 1);
        _saved.RemoveRange(kept, _saved.Count - kept);
    }
}
