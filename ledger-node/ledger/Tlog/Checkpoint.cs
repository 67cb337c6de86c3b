using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using RxChain.Ledger.Merkle;

namespace RxChain.Ledger.Tlog;

/// <summary>The body of a C2SP tlog-checkpoint: which log, how many leaves, which root.</summary>
public sealed class Checkpoint : IEquatable<Checkpoint>
{
    private readonly string _text;

    /// <summary>A checkpoint without extension lines. An origin that no checkpoint can have is a bug of the caller.</summary>
    public Checkpoint(string origin, long size, Hash32 root)
        : this(origin, size, root, [])
    {
        if (!TryParse(_text, out _, out string? error))
            throw new ArgumentException($"No checkpoint: {error}.", nameof(origin));
    }

    private Checkpoint(string origin, long size, Hash32 root, IReadOnlyList<string> extensions)
    {
        Origin = origin;
        Size = size;
        Root = root;
        Extensions = extensions;
        var text = new StringBuilder().Append(origin).Append('\n')
            .Append(size.ToString(CultureInfo.InvariantCulture)).Append('\n')
            .Append(root.ToBase64()).Append('\n');
        foreach (string line in extensions)
            text.Append(line).Append('\n');
        _text = text.ToString();
    }

    /// <summary>Identity of the log.</summary>
    public string Origin { get; }

    /// <summary>Number of leaves.</summary>
    public long Size { get; }

    /// <summary>RFC 6962 root of the first <see cref="Size"/> leaves.</summary>
    public Hash32 Root { get; }

    /// <summary>Lines after the root. RxChain writes none; other logs may.</summary>
    public IReadOnlyList<string> Extensions { get; }

    /// <summary>
    /// Parses a note text (tlog-checkpoint, "Note text"). Refuses another spelling of the size or the root, an empty line,
    /// and a size of zero with a root that is not the empty root.
    /// </summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out Checkpoint? checkpoint, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        checkpoint = null;
        error = null;
        string[] lines = text.Split('\n');
        if (lines.Length < 4 || lines[^1].Length != 0)
            error = "a checkpoint has at least three lines, each ended by a newline";
        else if (lines.Take(lines.Length - 1).Any(line => line.Length == 0 || line.Any(c => c < ' ')))
            error = "a checkpoint's lines are not empty and have no control characters";
        else if (!StrictText.TryDecimal(lines[1], out long size))
            error = "the tree size is not a decimal without leading zeros, at most 2^63 - 1";
        else if (!StrictText.TryHash(lines[2], out var root))
            error = "the root is not base64 of 32 bytes";
        else if (size == 0 && root != Rfc6962.EmptyRoot)
            error = "the root of an empty tree is not the empty root";
        else
            checkpoint = new Checkpoint(lines[0], size, root, lines[3..^1]);
        return error == null;
    }

    /// <summary>The note text, with its final newline.</summary>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public bool Equals(Checkpoint? other) => other != null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Checkpoint);

    /// <inheritdoc/>
    public override int GetHashCode() => Root.GetHashCode();
}
