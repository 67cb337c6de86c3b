using System.Buffers;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Replay;
using RxChain.Auditor.Sources;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Export;

/// <summary>
/// Writes a tile directory (C2SP tlog-tiles) while the log is verified. A new one appears under its name only when it is
/// whole; an older export of the same log is extended in place, its checkpoint replaced last, so that readers never see
/// a checkpoint without its tiles.
/// </summary>
internal sealed class TileExport : IAuditObserver, IDisposable
{
    private readonly string _directory;
    private SignedCheckpoint? _old;
    private SignedCheckpoint? _checkpoint;

    public TileExport(string target)
    {
        Target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        Extends = Directory.Exists(Target);
        _directory = Extends ? Target : $"{Target}.{Guid.NewGuid():N}.partial";
    }

    /// <summary>Full path of the tile directory.</summary>
    public string Target { get; }

    /// <summary>True when there is something under the name already.</summary>
    public bool Extends { get; }

    /// <summary>The checkpoint of the older export, which the log must extend; null for a new directory.</summary>
    public Finding? TryReadOld(out Checkpoint? old)
    {
        old = null;
        if (!Extends)
            return null;
        var (bytes, _) = BoundedFile.Read(Path.Combine(Target, "checkpoint"), SignedNote.MaxBytes);
        if (!SignedCheckpoint.TryParse(bytes, out _old, out _))
            return new Finding(ExitCode.Usage, "usage", "is there and is no tile directory: nothing was written", File: Target);
        old = _old.Checkpoint;
        return null;
    }

    public Finding? OnCheckpoint(SignedCheckpoint checkpoint)
    {
        _checkpoint = checkpoint;
        return null;
    }

    public Finding? OnRun(ParsedRun run)
    {
        // A run whose leaves all were in the older export is there already.
        if (run.Leaves.Count == 0 || run.Run.First + run.Leaves.Count <= OldSize)
            return null;
        var bundle = new ArrayBufferWriter<byte>((int)run.Run.SizeBytes + 2 * run.Leaves.Count);
        foreach (var leaf in run.Leaves)
            EntryBundle.Append(bundle, leaf.Bytes.Span);
        return Write(TileId.Entries(run.Run.First / TileId.FullWidth, run.Leaves.Count), bundle.WrittenSpan);
    }

    public Finding? OnTile(TileId tile, ReadOnlyMemory<byte> hashes) =>
        tile.Width <= HashTiles.WidthAt(OldSize, tile.Level, tile.Index) ? null : Write(tile, hashes.Span);

    public void OnBlock(ReplayedBlock block)
    {
    }

    public Finding? OnVerified(StateMap? state) => Write("checkpoint", _checkpoint!.ToBytes()) ?? Publish();

    /// <summary>Removes what was begun and not finished.</summary>
    public void Dispose()
    {
        if (!Extends && Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private long OldSize => _old?.Checkpoint.Size ?? 0;

    private Finding? Write(TileId tile, ReadOnlySpan<byte> bytes) => Write(tile.ToString(), bytes);

    private Finding? Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(_directory, name);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path + ".new", bytes);
            File.Move(path + ".new", path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CannotWrite(path, e);
        }
    }

    private Finding? Publish()
    {
        try
        {
            if (!Extends)
                Directory.Move(_directory, Target);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CannotWrite(Target, e);
        }
    }

    private static Finding CannotWrite(string path, Exception e) =>
        Finding.CannotEvaluate("output", $"cannot be written: {e.Message}", file: path);
}
