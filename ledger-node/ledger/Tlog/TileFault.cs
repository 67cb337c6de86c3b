namespace RxChain.Ledger.Tlog;

/// <summary>What is wrong with a tile. Missing data proves nothing; the others say that somebody serves a false log.</summary>
public enum TileFaultKind
{
    /// <summary>The tree of this size has no such tile; asking for it is the reader's mistake.</summary>
    OutsideTree,

    /// <summary>The source does not have it.</summary>
    Missing,

    /// <summary>It has a wrong length, or is no entry bundle.</summary>
    Malformed,

    /// <summary>Its hashes are not those that the tree's root commits to.</summary>
    WrongHash,
}

/// <summary>Why a tile was refused.</summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Tile">The tile; null when the right edge as a whole does not give the root.</param>
/// <param name="EntryIndex">The leaf whose entry differs, where it is known.</param>
public sealed record TileFault(TileFaultKind Kind, TileId? Tile, long? EntryIndex = null)
{
    /// <summary>One sentence.</summary>
    public override string ToString() => (Kind, Tile, EntryIndex) switch
    {
        (_, null, _) => "the tiles of this size do not hash to the root",
        (TileFaultKind.OutsideTree, _, _) => $"{Tile} is outside the tree",
        (TileFaultKind.Missing, _, _) => $"{Tile} is missing",
        (TileFaultKind.Malformed, _, _) => $"{Tile} is malformed",
        (_, _, null) => $"{Tile} does not hash to its parent",
        _ => $"entry {EntryIndex} in {Tile} is not the one in the tree",
    };
}
