using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>Where a log stands after it was opened.</summary>
internal sealed record RecoveredLog(
    SegmentHeader Active, IDiskFile ActiveFile, long EndOffset, long Size, Hash32 LastLeaf, IReadOnlyList<string> Notices);

/// <summary>
/// Opens a log: reads and hashes all of it, decides what a power loss may have torn, and mends what is derived.
/// Bytes are cut only after the last whole block of the last segment, and only when nothing shows that they were durable:
/// not the node's cosigned size, not the durable mark, not the durable size that any later block states. A segment is
/// created only after all before it were flushed, so anything wrong in an earlier one is damage.
/// </summary>
internal sealed class LogRecovery(
    IDisk disk, LogPaths paths, SegmentFiles segments, DurableMark mark, DerivedFiles derived, LogOptions options)
{
    private readonly List<string> _notices = [];

    /// <summary>One worker for each processor.</summary>
    public static ParallelOptions Parallelism { get; } = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <summary>Runs it. Throws <see cref="CorruptLogException"/> when the log is not what this node wrote or is shorter than it was.</summary>
    public RecoveredLog Run(long minimumSize)
    {
        segments.DeleteUnfinished();
        var headers = segments.ReadHeaders();
        if (headers.Count == 0)
            return CreateFirst(minimumSize);
        var scans = ScanAll(headers, mend: false);
        for (int i = 0; i < scans.Length - 1; i++)
            CheckClosed(scans[i], headers[i + 1]);
        var last = scans[^1];
        CheckTail(last, minimumSize);
        MakeTailDurable(last);
        MendDerived(scans);
        var file = segments.Open(last.Header.Ordinal, FileAccess.ReadWrite);
        return new RecoveredLog(last.Header, file, last.EndOffset, last.Size, last.LastLeaf, _notices);
    }

    private RecoveredLog CreateFirst(long minimumSize)
    {
        long floor = Math.Max(minimumSize, mark.Read());
        if (floor > 0)
            throw new CorruptLogException($"{paths.Log} holds no segment, but {floor} leaves were durable. {LogAdvice.Restore}");
        var header = new SegmentHeader(0, 0, options.SegmentBytes, SegmentHeader.NewSalt(), default);
        var file = segments.Create(header);
        disk.SyncDirectory(paths.Root);
        derived.Finish(0, leavesChanged: false);
        return new RecoveredLog(header, file, SegmentHeader.SizeBytes, 0, default, _notices);
    }

    private SegmentScan[] ScanAll(List<SegmentHeader> headers, bool mend)
    {
        var scans = new SegmentScan[headers.Count];
        Parallel.For(0, scans.Length, Parallelism, i =>
        {
            using var file = segments.Open(headers[i].Ordinal, FileAccess.Read);
            scans[i] = SegmentScan.Run(file, headers[i], new DerivedBatch(derived.Index, derived.Tiles, headers[i].FirstIndex, mend));
        });
        return scans;
    }

    private void CheckClosed(SegmentScan scan, SegmentHeader next)
    {
        if (scan.Problem is { } problem)
            throw Damage(scan, problem, "It is in closed history, so no power loss explains it.");
        CheckNotAltered(scan);
        if (next.FirstIndex != scan.Size || next.PreviousLeaf != scan.LastLeaf)
            throw new CorruptLogException(
                $"{segments.PathOf(next.Ordinal)} starts at leaf {next.FirstIndex} and does not follow {segments.PathOf(scan.Header.Ordinal)}, "
                + $"which ends at leaf {scan.Size}: a segment is of another log or was exchanged. {LogAdvice.Restore}");
    }

    private void CheckNotAltered(SegmentScan scan)
    {
        if (scan.AlteredLeaf is not { } leaf)
            return;
        var entry = derived.Index[leaf];
        throw new CorruptLogException(
            $"{segments.PathOf(scan.Header.Ordinal)}, offset {entry.Offset}, leaf {leaf}: the leaf passes its checksum, but leaf index and hash tile "
            + $"both have another hash for it: it was altered. {LogAdvice.Restore} If you restored this log yourself, delete {paths.Tiles} and start again.");
    }

    private void CheckTail(SegmentScan scan, long minimumSize)
    {
        CheckNotAltered(scan);
        var problem = scan.Problem ?? new BlockProblem(scan.EndOffset, scan.Size, "the log ends here");
        if (scan.Size < minimumSize)
            throw Damage(scan, problem, $"This node cosigned size {minimumSize}.");
        long marked = mark.Read();
        if (scan.Size < marked)
            throw Damage(scan, problem, $"{paths.DurableMark} says that {marked} leaves were durable.");
        long claimed = Claim(scan);
        if (scan.Size < claimed)
            throw Damage(scan, problem, $"A later block says that {claimed} leaves were durable.");
    }

    private long Claim(SegmentScan scan)
    {
        if (scan.DataEnd == scan.EndOffset)
            return 0;
        using var file = segments.Open(scan.Header.Ordinal, FileAccess.Read);
        return FileTail.LargestDurableClaim(file, scan.EndOffset, scan.DataEnd, scan.Header.Salt);
    }

    private CorruptLogException Damage(SegmentScan scan, BlockProblem problem, string why) => new(
        $"{segments.PathOf(scan.Header.Ordinal)}, offset {problem.Offset}, leaf {problem.Index}: {problem.What}. {why} {LogAdvice.Restore}");

    // Erases a torn tail, and makes durable what no mark shows to be.
    private void MakeTailDurable(SegmentScan scan)
    {
        using var file = segments.Open(scan.Header.Ordinal, FileAccess.ReadWrite);
        if (scan.DataEnd > scan.EndOffset)
        {
            FileTail.Erase(file, scan.EndOffset, scan.DataEnd);
            _notices.Add($"{segments.PathOf(scan.Header.Ordinal)}: cut a torn tail of {scan.DataEnd - scan.EndOffset} bytes at offset {scan.EndOffset}, after leaf {scan.Size}.");
        }
        var blocks = new BlockScanner(file, SegmentHeader.SizeBytes, scan.EndOffset, scan.Header.Salt, scan.Header.FirstIndex);
        if (mark.Read() < scan.Size)
            FileTail.WriteAgain(file, blocks, mark.Read());
        mark.Write(scan.Size);
        mark.Flush();
        disk.SyncDirectory(paths.Log);
    }

    private void MendDerived(SegmentScan[] scans)
    {
        var wrong = scans.Where(s => s.DerivedDiffers).Select(s => s.Header).ToList();
        ScanAll(wrong, mend: true);
        if (derived.Finish(scans[^1].Size, leavesChanged: wrong.Count > 0))
            _notices.Add($"{paths.Tiles}: leaf index or hash tiles were missing, wrong or behind the log, and were mended from it.");
    }
}
