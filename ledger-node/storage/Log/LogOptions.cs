namespace RxChain.Storage;

/// <summary>Sizes of a log's files.</summary>
internal sealed record LogOptions
{
    /// <summary>Bytes of a new segment: 64 MiB. Existing segments keep theirs.</summary>
    public long SegmentBytes { get; init; } = 64 << 20;

    /// <summary>Segments that are kept open for reading.</summary>
    public int OpenSegments { get; init; } = 32;
}

/// <summary>Where a log's files are, below a node's data directory.</summary>
internal sealed record LogPaths(string Root)
{
    /// <summary>The truth: segments and the durable mark.</summary>
    public string Log { get; } = Path.Combine(Root, "log");

    /// <summary>What is derived from it: leaf index and hash tiles. May be deleted while no process has it open.</summary>
    public string Tiles { get; } = Path.Combine(Root, "tiles");

    public string DurableMark => Path.Combine(Log, DurableMarkName);

    public string Index => Path.Combine(Tiles, "index");

    public const string DurableMarkName = "durable";
}
