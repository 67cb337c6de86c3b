using RxChain.Engine.Ports;

namespace RxChain.Storage;

/// <summary>
/// Drops the last blocks of a log when a new epoch begins before them. The whole old log is kept beside the new one, in
/// <c>epoch-N/log</c>: it is evidence, and its dropped events are to be submitted again.
/// </summary>
public static class LogCut
{
    /// <summary>The directory in which the log of an ended epoch is kept; laid out as a data directory.</summary>
    public static string KeptIn(string root, ulong endedEpoch) => Path.Combine(root, $"epoch-{endedEpoch}");

    /// <summary>True when a cut was begun, and ended by a crash before the new log was in its place.</summary>
    public static bool IsInterrupted(string root, ulong endedEpoch) =>
        Directory.Exists(new LogPaths(KeptIn(root, endedEpoch)).Log) && !Directory.Exists(new LogPaths(root).Log);

    /// <summary>Cuts the log of a stopped node to <paramref name="size"/> leaves. Can be repeated after a crash: it goes on then.</summary>
    /// <exception cref="IOException">No block ends at that size, or a disk refused.</exception>
    /// <exception cref="CorruptLogException">The log is damaged; the message says where.</exception>
    public static void Cut(DataDirectory directory, long size, ulong endedEpoch)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var disk = FileDisk.Instance;
        var (old, unfinished) = (new LogPaths(directory.Root), new LogPaths(Path.Combine(directory.Root, "log.new")));
        var kept = new LogPaths(KeptIn(directory.Root, endedEpoch));
        if (!IsInterrupted(directory.Root, endedEpoch))
        {
            if (Directory.Exists(unfinished.Root))
                Directory.Delete(unfinished.Root, recursive: true);
            disk.CreateDirectory(unfinished.Root);
            if (LogBackup.CopyLog(disk, old, unfinished, size) is var copied && copied != size)
                throw new IOException($"{old.Log}: no block ends at size {size}, but one at {copied}.");
            disk.CreateDirectory(kept.Root);
            Directory.Move(old.Log, kept.Log);
            disk.SyncDirectory(kept.Root);
            disk.SyncDirectory(directory.Root);
        }
        Directory.Move(unfinished.Log, old.Log);
        Directory.Delete(unfinished.Root, recursive: true);
        if (Directory.Exists(old.Tiles))
            Directory.Delete(old.Tiles, recursive: true);
        disk.SyncDirectory(directory.Root);
    }
}
