using RxChain.Engine.Ports;

namespace RxChain.Storage;

/// <summary>
/// Batches in a growing file: a segment header, then each batch as a block of one record whose index counts the batches.
/// A batch's position is the offset at which its block ends, so that any position is found at once. One writer; any number
/// of concurrent readers, below <see cref="EndPosition"/>.
/// </summary>
internal sealed class OrderFile : IDisposable
{
    private const int GrowthBytes = 16 << 20;

    private const string Advice =
        "Nothing was changed. The members' logs are the truth: once they agree, move this file away and start with a new order.";

    private readonly Lock _reading = new();
    private readonly IDiskFile _file;
    private readonly string _path;
    private readonly ulong _salt;
    private byte[] _buffer = [];
    private long _reservedBytes;
    private long _count;
    private long _end;
    private bool _closed;

    private OrderFile(IDiskFile file, string path, ulong salt, ulong minimumPosition)
    {
        (_file, _path, _salt) = (file, path, salt);
        _reservedBytes = file.Length;
        Recover(minimumPosition);
    }

    /// <summary>Position of the last durable batch; that of the header's end when there is none.</summary>
    public ulong EndPosition => (ulong)Volatile.Read(ref _end);

    public static OrderFile Open(IDisk disk, string path, ulong minimumPosition)
    {
        if (!disk.Exists(path))
            Create(disk, path);
        var file = disk.Open(path, FileAccess.ReadWrite);
        try
        {
            byte[] bytes = new byte[SegmentHeader.SizeBytes];
            if (file.Read(0, bytes) != bytes.Length || !SegmentHeader.TryParse(bytes, out var header))
                throw new CorruptLogException($"{path}: its header is damaged or of another program. {Advice}");
            return new OrderFile(file, path, header.Salt, minimumPosition);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends batches in one write and makes them durable.</summary>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> batches)
    {
        int total = batches.Sum(b => BlockBytes(b.Length));
        if (_buffer.Length < total)
            _buffer = new byte[total];
        var blocks = _buffer.AsSpan(0, total);
        int position = 0;
        for (int i = 0; i < batches.Count; i++)
        {
            int length = BlockBytes(batches[i].Length);
            BlockFormat.Write(blocks.Slice(position, length), _salt, _count + i, _count, [batches[i]]);
            position += length;
        }
        if (_end + blocks.Length > _reservedBytes)
            _file.Allocate(_reservedBytes = Math.Max(_reservedBytes + GrowthBytes, _end + blocks.Length));
        _file.Write(_end, blocks);
        _file.Flush();
        _count += batches.Count;
        Volatile.Write(ref _end, _end + blocks.Length);
    }

    /// <summary>Reads the batch after a position; null when there is none yet, or the file is closed.</summary>
    public OrderedPut? TryReadAfter(ulong position)
    {
        lock (_reading)
        {
            if (_closed || position >= EndPosition || EndPosition == SegmentHeader.SizeBytes)
                return null;
            return Read((long)Math.Max(position, SegmentHeader.SizeBytes));
        }
    }

    public void Dispose()
    {
        lock (_reading)
        {
            _closed = true;
            _file.Dispose();
        }
    }

    private OrderedPut Read(long offset)
    {
        Span<byte> header = stackalloc byte[BlockFormat.HeaderBytes];
        if (_file.Read(offset, header) != header.Length || !BlockFormat.TryReadHeader(header, _salt, out var block))
            throw Damaged(offset, "no batch starts here");
        byte[] body = new byte[block.BodyBytes];
        _file.Read(offset + header.Length, body);
        if (!BlockFormat.TryReadRecord(body, block.FirstIndex, out var batch))
            throw Damaged(offset, "the checksum of the batch is wrong");
        return new OrderedPut((ulong)(offset + header.Length + body.Length), body.AsMemory(BlockFormat.RecordHeaderBytes, batch.Length));
    }

    private static int BlockBytes(int batchBytes) => BlockFormat.HeaderBytes + BlockFormat.RecordHeaderBytes + batchBytes;

    private static void Create(IDisk disk, string path)
    {
        string unfinished = path + ".new";
        if (disk.Exists(unfinished))
            disk.Delete(unfinished);
        using (var file = disk.Create(unfinished))
        {
            file.Write(0, new SegmentHeader(0, 0, 0, SegmentHeader.NewSalt(), default).ToArray());
            file.Flush();
        }
        disk.Rename(unfinished, path);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    // A group of batches is flushed before the next is written, and none is delivered before its flush. So whatever a later
    // block states to have been durable cannot be torn.
    private void Recover(ulong minimumPosition)
    {
        var blocks = Blocks();
        long durable = 0;
        while (blocks.MoveNext())
            durable = blocks.Block.DurableSize;
        (_end, _count) = (blocks.Offset, blocks.NextIndex);
        long dataEnd = FileTail.EndOfData(_file, _end, _reservedBytes);
        if (FileTail.LargestDurableClaim(_file, _end, dataEnd, _salt) > _count)
            throw Damaged(blocks.Problem?.Offset ?? _end, $"batch {_count} is damaged, and a later one says that it was durable");
        if (EndPosition < minimumPosition)
            throw Damaged(blocks.Problem?.Offset ?? _end, $"the order ends here, but a member's log has position {minimumPosition}");
        if (dataEnd > _end)
            FileTail.Erase(_file, _end, dataEnd);
        if (durable < _count)
            FileTail.WriteAgain(_file, Blocks(), durable);
    }

    private BlockScanner Blocks() => new(_file, SegmentHeader.SizeBytes, _reservedBytes, _salt, 0);

    private CorruptLogException Damaged(long offset, string what) => new($"{_path}, offset {offset}: {what}. {Advice}");
}
