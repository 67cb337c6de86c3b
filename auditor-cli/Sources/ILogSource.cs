using RxChain.Auditor.Findings;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Sources;

/// <summary>Bytes out of a source, or why there are none.</summary>
/// <param name="Bytes">The bytes; nothing about them is checked but their bounds.</param>
/// <param name="Where">File or address they come from.</param>
/// <param name="Problem">Set when they are missing or cannot be what they should be.</param>
internal readonly record struct SourceRead(ReadOnlyMemory<byte> Bytes, string Where, Finding? Problem);

/// <summary>
/// Consecutive leaves: 256 from a multiple of 256 on, fewer only at the end of the log. With a problem the run holds the
/// leaves before it, and nothing follows.
/// </summary>
internal sealed record LeafRun(long First, IReadOnlyList<ReadOnlyMemory<byte>> Leaves, Finding? Problem)
{
    /// <summary>Length of the leaves.</summary>
    public long SizeBytes { get; } = Leaves.Sum(leaf => (long)leaf.Length);
}

/// <summary>A copy of a ledger that nobody vouches for. Not thread-safe.</summary>
internal interface ILogSource : IDisposable
{
    /// <summary>What was named on the command line.</summary>
    string Name { get; }

    /// <summary>Whether it publishes hash tiles, which must then be what the leaves say.</summary>
    bool HasHashTiles { get; }

    /// <summary>What this kind of source holds that no run checks.</summary>
    IReadOnlyList<string> NotChecked { get; }

    /// <summary>The published checkpoint.</summary>
    SourceRead ReadCheckpoint();

    /// <summary>A hash tile: exactly the hashes that its width says.</summary>
    SourceRead ReadHashTile(TileId tile);

    /// <summary>The first <paramref name="size"/> leaves in order.</summary>
    IEnumerable<LeafRun> ReadLeaves(long size);

    /// <summary>Leaves that it holds after the first <paramref name="size"/>; asked after <see cref="ReadLeaves"/> has ended.</summary>
    long CountLeavesAfter(long size);

    /// <summary>The file that holds a leaf which <see cref="ReadLeaves"/> has passed.</summary>
    string FileOf(long leaf);
}
