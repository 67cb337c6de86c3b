using RxChain.Engine.Ports;

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

    private void ThrowIfFailed()
    {
        if (_failed)
            throw new IOException("The log was closed, or a write or flush of it failed before: the process must end and open it again.");
    }

    private sealed record Tail(SegmentHeader Header, IDiskFile File, long Size);
}
