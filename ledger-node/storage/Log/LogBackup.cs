using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Merkle;

namespace RxChain.Storage;

/// <summary>
/// Copies of a node's log. A backup holds leaves only: no key, no cosigned head, nothing that is derived. A validator
/// restored from one knows not what it signed since, hence it needs a new cosigner key by vote.
/// </summary>
public static class LogBackup
{
    /// <summary>
    /// Copies the log of a data directory up to its last durable seal, also while a node runs on it. Checks every checksum.
    /// Returns the number of leaves copied. The copy is complete when this returns: a partial one cannot be restored.
    /// </summary>
    /// <param name="dataDirectory">A node's data directory, or another backup.</param>
    /// <param name="target">An empty or new directory.</param>
    /// <exception cref="CorruptLogException">The log is damaged; the message says where.</exception>
    /// <exception cref="IOException">The target is not empty, there is nothing to copy, or a disk refused.</exception>
    public static long Copy(string dataDirectory, string target) =>
        Copy(FileDisk.Instance, Path.GetFullPath(dataDirectory), Path.GetFullPath(target));

    /// <summary>Copies a backup into a data directory that has no log and never cosigned. Returns the number of leaves.</summary>
    /// <exception cref="CorruptLogException">The backup is damaged.</exception>
    /// <exception cref="IOException">The data directory has a log or a cosigned head, the backup is not complete, or a disk refused.</exception>
    public static long Restore(string backup, DataDirectory target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (File.Exists(target.CosignedFile))
            throw new IOException($"{target.Root} has cosigned before. Restore into a new data directory, with a new cosigner key.");
        return CopyLog(FileDisk.Instance, new LogPaths(Path.GetFullPath(backup)), new LogPaths(target.Root));
    }

    internal static long Copy(IDisk disk, string source, string target)
    {
        disk.CreateDirectory(target);
        if (disk.List(target).Count > 0)
            throw new IOException($"{target} is not empty.");
        return CopyLog(disk, new LogPaths(source), new LogPaths(target));
    }

    internal static long CopyLog(IDisk disk, LogPaths source, LogPaths target, long most = long.MaxValue)
    {
        long durable = Math.Min(most, ReadMark(disk, source));
        disk.CreateDirectory(target.Log);
        if (disk.List(target.Log).Count > 0)
            throw new IOException($"{target.Log} is not empty.");
        var from = new SegmentFiles(disk, source.Log);
        var to = new SegmentFiles(disk, target.Log);
        long size = 0;
        var last = default(Hash32);
        for (int ordinal = 0; size < durable; ordinal++)
        {
            var header = from.ReadHeader(ordinal);
            if (header.FirstIndex != size || header.PreviousLeaf != last)
                throw new CorruptLogException($"{from.PathOf(ordinal)} does not follow the segment before it. {LogAdvice.Restore}");
            (size, last) = CopySegment(from, to, header, durable);
        }
        using var mark = new DurableMark(disk, target.DurableMark);
        mark.Write(size);
        mark.Flush();
        disk.SyncDirectory(target.Log);
        disk.SyncDirectory(target.Root);
        return size;
    }

    private static (long Size, Hash32 LastLeaf) CopySegment(SegmentFiles from, SegmentFiles to, SegmentHeader header, long durable)
    {
        using var input = from.Open(header.Ordinal, FileAccess.Read);
        using var output = to.Create(header);
        var blocks = new BlockScanner(input, SegmentHeader.SizeBytes, header.CapacityBytes, header.Salt, header.FirstIndex);
        var last = header.PreviousLeaf;
        while (blocks.NextIndex < durable && blocks.MoveNext())
        {
            output.Write(blocks.BlockOffset, blocks.BlockBytes);
            last = Rfc6962.LeafHash(blocks.Record(blocks.Block.Count - 1));
        }
        if (blocks.Problem is { } problem)
            throw new CorruptLogException($"{from.PathOf(header.Ordinal)}, offset {problem.Offset}, leaf {problem.Index}: {problem.What}. {LogAdvice.Restore}");
        output.Flush();
        return (blocks.NextIndex, last);
    }

    private static long ReadMark(IDisk disk, LogPaths source)
    {
        if (!disk.Exists(source.DurableMark))
            throw new IOException($"{source.DurableMark} does not exist: this is no data directory, or a backup that was not completed.");
        using var file = disk.Open(source.DurableMark, FileAccess.Read);
        long durable = DurableMark.Read(file);
        return durable > 0 ? durable : throw new IOException($"{source.Log} holds no durable leaf.");
    }
}
