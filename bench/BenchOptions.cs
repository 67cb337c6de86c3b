namespace RxChain.Bench;

/// <summary>What one run measures.</summary>
internal sealed record BenchOptions
{
    /// <summary>Ledger sizes in events at which a point begins.</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    /// <summary>Length of a point.</summary>
    public required int PointSeconds { get; init; }

    /// <summary>Events that a node has handled before a point begins.</summary>
    public required int WarmUpEvents { get; init; }

    /// <summary>Single submissions for each latency.</summary>
    public required int LatencySamples { get; init; }

    /// <summary>Length of each raw measurement.</summary>
    public required double RawSeconds { get; init; }

    /// <summary>Where ledgers are built; each is removed after its point.</summary>
    public required string Root { get; init; }

    /// <summary>The sizes and times that count.</summary>
    public static BenchOptions Full(string root) => new()
    {
        Sizes = [10_000, 100_000, 500_000],
        PointSeconds = 30,
        WarmUpEvents = 60_000,
        LatencySamples = 500,
        RawSeconds = 5,
        Root = root,
    };

    /// <summary>Shows that everything works; its figures mean little.</summary>
    public static BenchOptions Quick(string root) => new()
    {
        Sizes = [2_000, 5_000],
        PointSeconds = 3,
        WarmUpEvents = 6_000,
        LatencySamples = 100,
        RawSeconds = 1,
        Root = root,
    };
}
