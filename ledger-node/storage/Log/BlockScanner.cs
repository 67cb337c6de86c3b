namespace RxChain.Storage;

/// <summary>Where a file stops making sense.</summary>
internal sealed record BlockProblem(long Offset, long Index, string What);

/// <summary>
/// Reads the blocks of a file one after the other, checking every checksum. Stops at the end of the range, at zeros, or at
/// the first block that is not whole; which of the latter it is, its caller judges.
/// </summary>
internal sealed class BlockScanner(IDiskFile file, long offset, long endOffset, ulong salt, long nextIndex)
{
    private const int ReadAheadBytes = 1 << 20;

    private readonly List<(int Start, int Length)> _records = [];
    private byte[] _buffer = [];
    private long _bufferOffset = offset;
    private int _bufferLength;
    private int _blockStart;

    /// <summary>Where the next block starts: everything before is whole.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Index of the next record.</summary>
    public long NextIndex { get; private set; } = nextIndex;

    /// <summary>The block that <see cref="MoveNext"/> read.</summary>
    public BlockHeader Block { get; private set; }

    /// <summary>Why <see cref="MoveNext"/> said false; null at the end of the range or at zeros.</summary>
    public BlockProblem? Problem { get; private set; }

    /// <summary>The bytes of the block; until the next call.</summary>
    public ReadOnlySpan<byte> BlockBytes => _buffer.AsSpan(_blockStart, BlockFormat.HeaderBytes + Block.BodyBytes);

    /// <summary>Where the block starts in the file.</summary>
    public long BlockOffset => _bufferOffset + _blockStart;

    /// <summary>A record of the block; until the next call.</summary>
    public ReadOnlySpan<byte> Record(int number) => _buffer.AsSpan(_records[number].Start, _records[number].Length);

    /// <summary>Where the header of a record of the block stands in the file.</summary>
    public long RecordOffset(int number) => _bufferOffset + _records[number].Start - BlockFormat.RecordHeaderBytes;

    /// <summary>Reads and checks the next block.</summary>
    public bool MoveNext()
    {
        if (!TryFetch(BlockFormat.HeaderBytes))
            return false;
        var bytes = _buffer.AsSpan(_blockStart, BlockFormat.HeaderBytes);
        if (!bytes.ContainsAnyExcept((byte)0))
            return false;
        if (!BlockFormat.TryReadHeader(bytes, salt, out var block))
            return Fail(Offset, NextIndex, "the block header is damaged");
        if (block.FirstIndex != NextIndex)
            return Fail(Offset, NextIndex, $"the block starts at {block.FirstIndex}, not at {NextIndex}");
        if (!TryFetch(BlockFormat.HeaderBytes + block.BodyBytes))
            return Fail(Offset, NextIndex, "the block runs past the end of the file");
        Block = block;
        if (!TryReadRecords())
            return false;
        Offset += BlockFormat.HeaderBytes + block.BodyBytes;
        NextIndex += block.Count;
        return true;
    }

    private bool TryReadRecords()
    {
        _records.Clear();
        int position = _blockStart + BlockFormat.HeaderBytes, end = position + Block.BodyBytes;
        for (int i = 0; i < Block.Count; i++)
        {
            if (!BlockFormat.TryReadRecord(_buffer.AsSpan(position, end - position), NextIndex + i, out var record))
                return Fail(_bufferOffset + position, NextIndex + i, "the checksum or length of the record is wrong");
            position += BlockFormat.RecordHeaderBytes;
            _records.Add((position, record.Length));
            position += record.Length;
        }
        return position == end || Fail(_bufferOffset + position, NextIndex, "the block is longer than its records");
    }

    // Makes `count` bytes from Offset on available at _blockStart.
    private bool TryFetch(int count)
    {
        _blockStart = (int)(Offset - _bufferOffset);
        if (_blockStart + count <= _bufferLength)
            return true;
        if (Offset + count > endOffset)
            return false;
        if (_buffer.Length < count)
            _buffer = new byte[Math.Max(count, (int)Math.Min(ReadAheadBytes, endOffset - Offset))];
        int wanted = (int)Math.Min(_buffer.Length, endOffset - Offset);
        _bufferOffset = Offset;
        _blockStart = 0;
        _bufferLength = file.Read(Offset, _buffer.AsSpan(0, wanted));
        return _bufferLength >= count;
    }

    private bool Fail(long offset, long index, string what)
    {
        Problem = new BlockProblem(offset, index, what);
        return false;
    }
}
