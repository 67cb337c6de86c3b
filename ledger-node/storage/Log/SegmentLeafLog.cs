using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Leaves;

namespace RxChain.Storage;

/// <summary>
/// The log of leaves in segment files of 64 MiB, with a leaf index and hash tiles derived from it. A block is one write; a
/// flush is one fdatasync. Memory does not grow with the log.
/// </summary>
public sealed partial class SegmentLeafLog : ILeafLog
{
    private readonly Lock _appending = new();
    private readonly Lock _flushing = new();
    private readonly SegmentFiles _segments;
    private readonly SegmentReaders _readers;
    private readonly DurableMark _mark;
    private readonly DerivedFiles _derived;
    private readonly LogOptions _options;

    // Written by the appender; a flush and the readers take the reference once.
    private volatile Tail _tail;
    private long _durableSize;
    private long _endOffset;
    private Hash32 _lastLeaf;
    private byte[] _buffer = [];
    private volatile bool _failed;

    private SegmentLeafLog(IDisk disk, LogPaths paths, long minimumSize, LogOptions options)
    {
        _options = options;
        disk.CreateDirectory(paths.Log);
        _segments = new SegmentFiles(disk, paths.Log);
        _readers = new SegmentReaders(_segments, options.OpenSegments);
        _mark = new DurableMark(disk, paths.DurableMark);
        _derived = new DerivedFiles(disk, paths);
        var recovered = Recover(disk, paths, minimumSize);
        _tail = new Tail(recovered.Active, recovered.ActiveFile, recovered.Size);
        (_durableSize, _endOffset, _lastLeaf) = (recovered.Size, recovered.EndOffset, recovered.LastLeaf);
        Notices = recovered.Notices;
    }

    /// <summary>What opening the log had to mend, for the operator: a torn tail that was cut, tiles that were rebuilt.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <inheritdoc/>
    public long Size => _tail.Size;

    /// <inheritdoc/>
    public long DurableSize => Volatile.Read(ref _durableSize);

    /// <summary>
    /// Opens the log of a data directory, creating an empty one when there is none. Reads all of it, and cuts a torn tail.
    /// </summary>
    /// <param name="directory">The node's locked data directory.</param>
    /// <param name="minimumSize">The node's durable cosigned size: a log below it is damaged.</param>
    /// <exception cref="CorruptLogException">The log is damaged, altered or too short; it was not changed. The message says where.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public static SegmentLeafLog Open(DataDirectory directory, long minimumSize)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return Open(FileDisk.Instance, directory.Root, minimumSize, new LogOptions());
    }

    internal static SegmentLeafLog Open(IDisk disk, string root, long minimumSize, LogOptions options) =>
        new(disk, new LogPaths(root), minimumSize, options);

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

    /// <inheritdoc/>
    public long Flush()
    {
        lock (_flushing)
        {
            ThrowIfFailed();
            var tail = _tail;
            if (tail.Size == _durableSize)
                return tail.Size;
            bool done = false;
            try
            {
                tail.File.Flush();
                Volatile.Write(ref _durableSize, tail.Size);
                _mark.Write(tail.Size);
                done = true;
            }
            finally
            {
                _failed |= !done;
            }
            return tail.Size;
        }
    }

    /// <summary>Closes the files. What was not flushed may be lost.</summary>
    public void Dispose()
    {
        lock (_appending)
        {
            lock (_flushing)
            {
                _failed = true;
                _tail.File.Dispose();
                _readers.Dispose();
                _mark.Dispose();
                _derived.Dispose();
            }
        }
    }

    private RecoveredLog Recover(IDisk disk, LogPaths paths, long minimumSize)
    {
        try
        {
            return new LogRecovery(disk, paths, _segments, _mark, _derived, _options).Run(minimumSize);
        }
        catch
        {
            _mark.Dispose();
            _derived.Dispose();
            throw;
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
            tail.Header.Ordinal + 1, tail.Size, _options.SegmentBytes, LogRecovery.NewSalt(), _lastLeaf);
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

    private void ThrowIfFailed()
    {
        if (_failed)
            throw new IOException("The log was closed, or a write or flush of it failed before: the process must end and open it again.");
    }

    private sealed record Tail(SegmentHeader Header, IDiskFile File, long Size);
}
