using System.Globalization;
using RxChain.Auditor.Findings;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Sources;

/// <summary>
/// A node's data directory, stopped or running: <c>log/00000000.seg</c> … with the leaves, and <c>checkpoint</c>, the last
/// final checkpoint. Whatever else is there is derived from the log, or secret, and is not read.
/// </summary>
internal sealed class NodeDirectory(string root) : ILogSource
{
    private readonly List<(long First, string Path)> _segments = [];
    private SegmentReader? _reader;
    private long _held;

    public string Name => root;

    public bool HasHashTiles => false;

    public IReadOnlyList<string> NotChecked =>
        ["files of the data directory that are derived from the log: tiles/, state.db (the node checks and rebuilds them at its start)"];

    public static bool IsOne(string path) => File.Exists(PathOfSegment(path, 0));

    public SourceRead ReadCheckpoint()
    {
        string path = Path.Combine(root, "checkpoint");
        var (bytes, problem) = BoundedFile.Read(path, SignedNote.MaxBytes);
        if (bytes is null)
            problem ??= Finding.CannotEvaluate("missing", "there is no final checkpoint here yet", file: path);
        return new SourceRead(bytes, path, problem);
    }

    public SourceRead ReadHashTile(TileId tile) => throw new NotSupportedException("A data directory publishes no hash tiles.");

    public IEnumerable<LeafRun> ReadLeaves(long size)
    {
        var leaves = new List<ReadOnlyMemory<byte>>(TileId.FullWidth);
        while (_held < size)
        {
            if (!TryReadLeaf(out var leaf))
            {
                yield return new LeafRun(_held - leaves.Count, [.. leaves], _reader?.Problem ?? TailIsGone());
                yield break;
            }
            leaves.Add(leaf);
            if (leaves.Count < TileId.FullWidth && _held < size)
                continue;
            yield return new LeafRun(_held - leaves.Count, [.. leaves], null);
            leaves.Clear();
        }
    }

    public long CountLeavesAfter(long size)
    {
        // What follows may end in a torn tail, which is the node's to judge: counted as far as it is whole.
        while (TryReadLeaf(out _))
        {
        }
        return _held - size;
    }

    public string FileOf(long leaf) => _segments.LastOrDefault(s => s.First <= leaf).Path ?? PathOfSegment(root, 0);

    public void Dispose() => _reader?.Dispose();

    private bool TryReadLeaf(out ReadOnlyMemory<byte> leaf)
    {
        while (_reader is null || !_reader.MoveNext())
        {
            leaf = default;
            if (_reader?.Problem is not null || !TryOpenNext())
                return false;
        }
        leaf = _reader.Leaf;
        _held++;
        return true;
    }

    private bool TryOpenNext()
    {
        string path = PathOfSegment(root, _segments.Count);
        if (!File.Exists(path))
            return false;
        _reader?.Dispose();
        _reader = new SegmentReader(path, _segments.Count, _held);
        _segments.Add((_held, path));
        return true;
    }

    private Finding TailIsGone() => Finding.Tampered(
        "tail", "the log ends before this leaf, which the checkpoint covers: its tail was dropped", _held, file: FileOf(_held));

    private static string PathOfSegment(string root, int ordinal) =>
        Path.Combine(root, "log", ordinal.ToString("D8", CultureInfo.InvariantCulture) + ".seg");
}
