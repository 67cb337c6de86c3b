using RxChain.Ledger;
using RxChain.Ledger.Leaves;

namespace RxChain.Storage;

public sealed partial class SegmentLeafLog
{
    private long _endOffset;
    private Hash32 _lastLeaf;
    private byte[] _buffer = [];

    /// <inheritdoc/>
    public void AppendBlock(IReadOnlyList<ReadOnlyMemory<byte>> leaves, ReadOnlySpan<Hash32> leafHashes)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        int bytes = CheckBlock(leaves, leafHashes.Length);
        lock (_appending)
        {
            ThrowIfFailed();
            bool done = false;
            try
            {
                Append(leaves, leafHashes, bytes);
                done = true;
            }
            finally
            {
                _failed |= !done;
            }
        }
    }

    private void Append(IReadOnlyList<ReadOnlyMemory<byte>> leaves, ReadOnlySpan<Hash32> leafHashes, int bytes)
    {
        var tail = _tail;
        if (_endOffset + bytes > tail.Header.CapacityBytes)
            tail = Roll(tail);
        if (_buffer.Length < bytes)
            _buffer = new byte[bytes];
        var block = _buffer.AsSpan(0, bytes);
        BlockFormat.Write(block, tail.Header.Salt, tail.Size, DurableSize, leaves);
        tail.File.Write(_endOffset, block);
        AppendIndex(tail, leaves, leafHashes);
        _derived.Tiles.Append(tail.Size, leafHashes);
        _endOffset += bytes;
        _lastLeaf = leafHashes[^1];
        _tail = tail with { Size = tail.Size + leaves.Count };
    }

    private void AppendIndex(Tail tail, IReadOnlyList<ReadOnlyMemory<byte>> leaves, ReadOnlySpan<Hash32> leafHashes)
    {
        var entries = new byte[leaves.Count * IndexEntry.SizeBytes].AsSpan();
        long offset = _endOffset + BlockFormat.HeaderBytes;
        for (int i = 0; i < leaves.Count; i++)
        {
            IndexEntry.Of(tail.Header.Ordinal, offset, leaves[i].Length, leafHashes[i]).Write(entries[(i * IndexEntry.SizeBytes)..]);
            offset += BlockFormat.RecordHeaderBytes + leaves[i].Length;
        }
        _derived.Index.Write(tail.Size, entries);
    }

    // Everything before a new segment is durable: what is wrong in an older one is never a torn write.
    private Tail Roll(Tail tail)
    {
        Flush();
        var header = new SegmentHeader(
            tail.Header.Ordinal + 1, tail.Size, _options.SegmentBytes, SegmentHeader.NewSalt(), _lastLeaf);
        var file = _segments.Create(header);
        _endOffset = SegmentHeader.SizeBytes;
        tail.File.Dispose();
        return new Tail(header, file, tail.Size);
    }

    private int CheckBlock(IReadOnlyList<ReadOnlyMemory<byte>> leaves, int hashes)
    {
        if (leaves.Count == 0 || leaves.Count != hashes)
            throw new ArgumentException($"A block has one hash for each leaf: {leaves.Count} leaves, {hashes} hashes.", nameof(leaves));
        if (!SegmentScan.IsSeal(leaves[^1].Span))
            throw new ArgumentException("The last leaf of a block is its seal.", nameof(leaves));
        for (int i = 0; i < leaves.Count; i++)
        {
            if (leaves[i].Length is < 2 or > LeafFormat.MaxSizeBytes)
                throw new ArgumentException($"Leaf {i} has {leaves[i].Length} bytes.", nameof(leaves));
        }
        long bytes = BlockFormat.SizeOf(leaves);
        long limit = Math.Min(BlockFormat.HeaderBytes + BlockFormat.MaxBodyBytes, _options.SegmentBytes - SegmentHeader.SizeBytes);
        return bytes <= limit ? (int)bytes : throw new ArgumentException($"The block has {bytes} bytes, more than {limit}.", nameof(leaves));
    }
}
