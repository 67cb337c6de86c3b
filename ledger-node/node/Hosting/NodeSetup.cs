using RxChain.Engine.Ports;
using RxChain.Ledger.Leaves;
using RxChain.Storage;

namespace RxChain.Node.Hosting;

/// <summary>What a node over a data directory is told.</summary>
public sealed record NodeSetup
{
    /// <summary>The network's first leaf.</summary>
    public required GenesisLeaf Genesis { get; init; }

    /// <summary>The member's name.</summary>
    public required string Member { get; init; }

    /// <summary>
    /// Opens the ordering, given the last seal of the log or null for an empty one. Null: this node orders nothing, cosigns
    /// nothing, and copies what is final from its peers.
    /// </summary>
    public Func<SealLeaf?, IOrdering>? Ordering { get; init; } = LocalOrdering;

    /// <summary>Links to the other members' nodes.</summary>
    public required IPeerLinks Peers { get; init; }

    /// <summary>Peers that blocks and final heads can be had from.</summary>
    public IReadOnlyList<IBlockSource> Sources { get; init; } = [];

    /// <summary>The node's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The ordering of a member alone.</summary>
    public static IOrdering LocalOrdering(SealLeaf? last) => LocalOrder.ForOneMember(last?.OrderingPosition ?? 0);
}
