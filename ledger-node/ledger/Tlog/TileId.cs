using System.Globalization;

namespace RxChain.Ledger.Tlog;

/// <summary>
/// Names a tile of C2SP tlog-tiles: a hash tile of some level, or an entry bundle. <see cref="Width"/> is 1 to 256 hashes
/// or entries; less than 256 is a partial tile.
/// </summary>
public readonly record struct TileId
{
    /// <summary>Hashes or entries in a full tile: 2^8.</summary>
    public const int FullWidth = 256;

    /// <summary>Levels of the tree that one tile spans.</summary>
    public const int Height = 8;

    /// <summary>Highest level that a path may name.</summary>
    public const int MaxLevel = 63;

    private const int EntriesLevel = -1;

    private TileId(int level, long index, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, FullWidth);
        Level = level;
        Index = index;
        Width = width;
    }

    /// <summary>Tile level, 0 for leaf hashes; -1 for an entry bundle.</summary>
    public int Level { get; }

    /// <summary>Place within the level.</summary>
    public long Index { get; }

    /// <summary>Hashes or entries in it.</summary>
    public int Width { get; }

    /// <summary>True for an entry bundle.</summary>
    public bool IsEntries => Level == EntriesLevel;

    /// <summary>True when it is not full.</summary>
    public bool IsPartial => Width < FullWidth;

    /// <summary>The full tile at the same place: a client's fallback when a partial tile has been deleted.</summary>
    public TileId Full => new(Level, Index, FullWidth);

    /// <summary>A hash tile.</summary>
    public static TileId Hashes(int level, long index, int width = FullWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        return new(level, index, width);
    }

    /// <summary>An entry bundle.</summary>
    public static TileId Entries(long index, int width = FullWidth) => new(EntriesLevel, index, width);

    /// <summary>The path below the log's prefix: <c>tile/0/x001/x234/067</c>, <c>tile/entries/000.p/15</c>.</summary>
    public override string ToString()
    {
        string path = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (long rest = Index / 1000; rest > 0; rest /= 1000)
            path = $"x{(rest % 1000).ToString("000", CultureInfo.InvariantCulture)}/{path}";
        string level = IsEntries ? "entries" : Level.ToString(CultureInfo.InvariantCulture);
        string suffix = IsPartial ? string.Create(CultureInfo.InvariantCulture, $".p/{Width}") : "";
        return $"tile/{level}/{path}{suffix}";
    }

    /// <summary>Reads a path; false unless it is exactly what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string path, out TileId tile)
    {
        ArgumentNullException.ThrowIfNull(path);
        tile = default;
        string[] parts = path.Split('/', 12);
        if (parts.Length < 3 || parts[0] != "tile" || !TryLevel(parts[1], out int level))
            return false;
        int last = parts.Length - 1;
        long width = FullWidth;
        if (last >= 3 && parts[last - 1].EndsWith(".p", StringComparison.Ordinal))
        {
            if (!StrictText.TryDecimal(parts[last--], out width) || width is < 1 or >= FullWidth)
                return false;
            parts[last] = parts[last][..^2];
        }
        if (!TryIndex(parts.AsSpan(2..(last + 1)), out long index))
            return false;
        tile = new TileId(level, index, (int)width);
        return true;
    }

    private static bool TryLevel(string text, out int level)
    {
        level = EntriesLevel;
        if (text == "entries")
            return true;
        bool valid = StrictText.TryDecimal(text, out long number) && number <= MaxLevel;
        level = valid ? (int)number : 0;
        return valid;
    }

    // Groups of three digits, most significant first, all but the last behind an x; no leading group of zeros.
    private static bool TryIndex(ReadOnlySpan<string> groups, out long index)
    {
        index = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            var digits = groups[i].AsSpan();
            if (i < groups.Length - 1)
            {
                if (digits.Length != 4 || digits[0] != 'x')
                    return false;
                digits = digits[1..];
            }
            if (digits.Length != 3 || digits.ContainsAnyExceptInRange('0', '9'))
                return false;
            int group = int.Parse(digits, CultureInfo.InvariantCulture);
            if ((i == 0 && group == 0 && groups.Length > 1) || index > (long.MaxValue - group) / 1000)
                return false;
            index = index * 1000 + group;
        }
        return true;
    }
}
