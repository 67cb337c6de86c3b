using RxChain.Ledger;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Ports;

/// <summary>A peer that blocks can be copied from. What it gives is believed only as far as it is proved.</summary>
public interface IBlockSource
{
    /// <summary>Name of the member whose node it is.</summary>
    string Member { get; }

    /// <summary>
    /// The checkpoint that ended an era, or the peer's newest final one while it has not ended; null when it knows none.
    /// Throws <see cref="BlockSourceException"/>.
    /// </summary>
    Task<SignedCheckpoint?> ReadFinalAsync(uint era, CancellationToken cancellationToken);

    /// <summary>
    /// The leaves [from, to) in runs of at least one, each with a proof under the final head of <paramref name="finalSize"/>
    /// leaves. Throws <see cref="BlockSourceException"/>.
    /// </summary>
    IAsyncEnumerable<LeafRun> ReadLeavesAsync(long from, long to, long finalSize, CancellationToken cancellationToken);
}

/// <summary>Leaves that follow each other.</summary>
/// <param name="Leaves">Their bytes.</param>
/// <param name="Consistency">RFC 6962 consistency proof from the size after them to the final head's.</param>
public sealed record LeafRun(IReadOnlyList<ReadOnlyMemory<byte>> Leaves, IReadOnlyList<Hash32> Consistency);

/// <summary>A peer does not give what it was asked for.</summary>
/// <param name="message">What happened, without the peer's name.</param>
/// <param name="isLie">True when no honest peer does that; false when it may be gone, busy or behind.</param>
/// <param name="inner">The cause, if there is one.</param>
public sealed class BlockSourceException(string message, bool isLie, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when no honest peer does that: the operator is told.</summary>
    public bool IsLie { get; } = isLie;
}
