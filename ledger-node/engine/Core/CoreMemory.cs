using RxChain.Engine.Ports;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>What an engine knows from former lives, beside the state.</summary>
public sealed record CoreMemory
{
    /// <summary>Reads the durable log's tree.</summary>
    public required MerkleNodeReader Tree { get; init; }

    /// <summary>Number of the question after this start; another for each life, not to be guessed.</summary>
    public required long Question { get; init; }

    /// <summary>The last head this validator cosigned.</summary>
    public CosignedHead LastCosigned { get; init; }

    /// <summary>The last final checkpoint; null when none is known.</summary>
    public SignedCheckpoint? Final { get; init; }

    /// <summary>The checkpoints that ended eras, by the era's number.</summary>
    public IReadOnlyDictionary<uint, SignedCheckpoint> EraEnds { get; init; } = new Dictionary<uint, SignedCheckpoint>();

    /// <summary>Cosignatures of others that were kept.</summary>
    public IReadOnlyList<HeadCosigned> Cosignatures { get; init; } = [];

    /// <summary>Equivocation proofs that were kept.</summary>
    public IReadOnlyList<EquivocationProof> Evidence { get; init; } = [];

    /// <summary>The halt that lasts, or null.</summary>
    public Halt? Halt { get; init; }
}
