namespace RxChain.Auditor.Findings;

/// <summary>What a run ends with: the process's exit codes.</summary>
internal enum ExitCode
{
    /// <summary>Everything asked for was checked and holds.</summary>
    Verified = 0,

    /// <summary>Tampered with, forged or inconsistent.</summary>
    Tampered = 1,

    /// <summary>The command line, or a file of the auditor's own, is wrong.</summary>
    Usage = 2,

    /// <summary>The checkpoint does not have the signatures that the policy asks for.</summary>
    PolicyNotMet = 3,

    /// <summary>Data is missing or cannot be reached, or this program lacks a version.</summary>
    CannotEvaluate = 4,
}

/// <summary>Why a run did not verify: the first thing that is wrong, in the order of the log.</summary>
/// <param name="Exit">How the run ends.</param>
/// <param name="Check">Which check failed: a word from the documented list.</param>
/// <param name="Message">What differs, for a person.</param>
/// <param name="Leaf">Index of the leaf, where there is one.</param>
/// <param name="Height">Height of the block, where there is one.</param>
/// <param name="File">File or tile that holds it, where there is one.</param>
internal sealed record Finding(
    ExitCode Exit, string Check, string Message, long? Leaf = null, long? Height = null, string? File = null)
{
    /// <summary>Bytes that the checks refute.</summary>
    public static Finding Tampered(string check, string message, long? leaf = null, long? height = null, string? file = null) =>
        new(ExitCode.Tampered, check, message, leaf, height, file);

    /// <summary>Nothing to judge by.</summary>
    public static Finding CannotEvaluate(string check, string message, long? leaf = null, string? file = null) =>
        new(ExitCode.CannotEvaluate, check, message, leaf, null, file);

    /// <summary>The one that comes first in the log; one without a place comes last.</summary>
    public static Finding? First(Finding? one, Finding? other)
    {
        if (one is null || other is null)
            return one ?? other;
        return (other.Leaf ?? long.MaxValue) < (one.Leaf ?? long.MaxValue) ? other : one;
    }

    /// <summary>Place and message in one line.</summary>
    public override string ToString()
    {
        var place = new List<string>();
        if (Height is { } height)
            place.Add($"height {height}");
        if (Leaf is { } leaf)
            place.Add($"leaf {leaf}");
        if (File is not null)
            place.Add(File);
        return $"{Check}: {(place.Count > 0 ? string.Join(", ", place) + ": " : "")}{Message}";
    }
}
