using RxChain.Ledger;

namespace RxChain.Engine.Ports;

/// <summary>
/// The append-only log of leaves: the truth of a node. One writer; any number of concurrent readers.
/// Everything below <see cref="DurableSize"/> survives power loss.
/// </summary>
public interface ILeafLog : IDisposable
{
    /// <summary>Number of leaves appended, flushed or not.</summary>
    long Size { get; }

    /// <summary>Number of leaves that survive power loss. Always the size right after a seal.</summary>
    long DurableSize { get; }

    /// <summary>
    /// Appends the leaves of one whole block (its last leaf is a seal) with their leaf hashes.
    /// Not durable until <see cref="Flush"/> returns. Throws <see cref="IOException"/> when the disk refuses: the process must end.
    /// </summary>
    void AppendBlock(IReadOnlyList<ReadOnlyMemory<byte>> leaves, ReadOnlySpan<Hash32> leafHashes);

    /// <summary>
    /// Makes everything appended before the call durable, and returns the durable size. May run concurrently with
    /// <see cref="AppendBlock"/>. A failed flush throws <see cref="IOException"/> and must end the process: it is never tried again.
    /// </summary>
    long Flush();

    /// <summary>The bytes of a leaf, checked against its checksum. Throws <see cref="CorruptLogException"/> when they do not match.</summary>
    ReadOnlyMemory<byte> Read(long index);

    /// <summary>The leaves [from, to) in order, read sequentially.</summary>
    IEnumerable<ReadOnlyMemory<byte>> ReadRange(long from, long to);

    /// <summary>
    /// Root of the full subtree over leaves [index * 2^level, (index + 1) * 2^level), from the stored hash tiles;
    /// false when the log is shorter.
    /// </summary>
    bool TryReadNode(int level, long index, out Hash32 hash);
}

/// <summary>Stored bytes that cannot be what this node wrote. The node stops; the message says what to do.</summary>
public sealed class CorruptLogException(string message) : Exception(message);
