using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Storage;

public sealed partial class SegmentLeafLog
{
    // Below 85,000 bytes, so that a run of leaves stays out of the large object heap; a leaf always fits.
    private const int RunBytes = 80_000;
    private const int RunLeaves = 256;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(long index)
    {
        CheckIndex(index);
        var entry = _derived.Index[index];
        byte[] bytes = new byte[BlockFormat.RecordHeaderBytes + entry.LeafBytes];
        ReadAt(entry.Segment, entry.Offset, bytes);
        return Leaf(bytes, 0, index, entry);
    }

    /// <inheritdoc/>
    public IEnumerable<ReadOnlyMemory<byte>> ReadRange(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, Size);
        return ReadRuns(from, to);
    }

    /// <inheritdoc/>
    public bool TryReadNode(int level, long index, out Hash32 hash)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        long size = Size;
        hash = default;
        return level < 63 && index < size >> level && _derived.Nodes.TryRead(level, index, size, out hash);
    }

    private IEnumerable<ReadOnlyMemory<byte>> ReadRuns(long from, long to)
    {
        byte[] entryBytes = new byte[RunLeaves * IndexEntry.SizeBytes];
        while (from < to)
        {
            int wanted = (int)Math.Min(RunLeaves, to - from);
            int found = _derived.Index.Read(from, entryBytes.AsSpan(0, wanted * IndexEntry.SizeBytes));
            var entries = Run(entryBytes, found);
            if (entries.Count == 0)
                throw Damaged(_derived.Index.Path, from, "the entry is missing");
            var last = entries[^1];
            long start = entries[0].Offset;
            byte[] bytes = new byte[last.Offset + BlockFormat.RecordHeaderBytes + last.LeafBytes - start];
            ReadAt(last.Segment, start, bytes);
            for (int i = 0; i < entries.Count; i++)
                yield return Leaf(bytes, (int)(entries[i].Offset - start), from + i, entries[i]);
            from += entries.Count;
        }
    }

    // The first entries that lie in one segment and fit into one read.
    private static List<IndexEntry> Run(byte[] entryBytes, int count)
    {
        var run = new List<IndexEntry>(count);
        for (int i = 0; i < count; i++)
        {
            var entry = IndexEntry.Read(entryBytes.AsSpan(i * IndexEntry.SizeBytes));
            long end = entry.Offset + (long)BlockFormat.RecordHeaderBytes + entry.LeafBytes;
            if (i > 0 && (entry.Segment != run[0].Segment || entry.Offset < run[i - 1].Offset || end - run[0].Offset > RunBytes))
                break;
            run.Add(entry);
        }
        return run;
    }

    private ReadOnlyMemory<byte> Leaf(byte[] bytes, int position, long index, in IndexEntry entry)
    {
        if (!BlockFormat.TryReadRecord(bytes.AsSpan(position), index, out var leaf) || leaf.Length != entry.LeafBytes)
            throw Damaged($"{_segments.PathOf(entry.Segment)}, offset {entry.Offset}", index, "the bytes do not match their checksum");
        return bytes.AsMemory(position + BlockFormat.RecordHeaderBytes, leaf.Length);
    }

    private void ReadAt(int segment, long offset, byte[] bytes)
    {
        using var lease = _readers.Rent(segment);
        lease.File.Read(offset, bytes);
    }

    private void CheckIndex(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
    }

    private static CorruptLogException Damaged(string where, long index, string what) =>
        new($"{where}, leaf {index}: {what}. Stop the node and start it again: it checks all of the log and says what is wrong.");
}
