using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Leaves;

namespace RxChain.Engine.Node;

/// <summary>What a node is put together from.</summary>
public sealed record NodeParts
{
    /// <summary>Name of the member that runs the node.</summary>
    public required string Member { get; init; }

    /// <summary>The network's first leaf.</summary>
    public required GenesisLeaf Genesis { get; init; }

    /// <summary>The validator that this node runs, or null.</summary>
    public required ValidatorIdentity? Validator { get; init; }

    /// <summary>The log.</summary>
    public required ILeafLog Log { get; init; }

    /// <summary>The stored state map.</summary>
    public required IStateStore State { get; init; }

    /// <summary>The last cosigned head.</summary>
    public required ICosignedHeadStore CosignedHead { get; init; }

    /// <summary>The last published checkpoint.</summary>
    public required ICheckpointStore Checkpoint { get; init; }

    /// <summary>What is known of the others' signatures.</summary>
    public required ICosignatureStore Signatures { get; init; }

    /// <summary>The ordering; null for a node that copies what is final.</summary>
    public required IOrdering? Ordering { get; init; }

    /// <summary>The other validators.</summary>
    public required IPeerLinks Peers { get; init; }

    /// <summary>Peers that blocks and final heads can be had from.</summary>
    public IReadOnlyList<IBlockSource> Sources { get; init; } = [];

    /// <summary>Where the leaves of a prescription are; see <see cref="ILedgerNode.FindLeaves"/>.</summary>
    public required Func<ReadOnlyMemory<byte>, (IReadOnlyList<long> Leaves, long KnownSize)> FindLeaves { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Bound of the cache of state buckets, in bytes.</summary>
    public long StateCacheBytes { get; init; } = 40 << 20;

    /// <summary>State buckets changed in memory before they are written out; as many again change meanwhile. About 2 KiB each.</summary>
    public int MaxDirtyBuckets { get; init; } = 10_000;
}
