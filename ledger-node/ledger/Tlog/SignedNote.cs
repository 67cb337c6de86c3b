using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RxChain.Ledger.Tlog;

/// <summary>One signature line of a note: <c>— name base64(key id || signature)</c>. Says nothing about validity.</summary>
/// <param name="KeyName">The key name.</param>
/// <param name="KeyId">The key id, a hint: name and id together choose the key.</param>
/// <param name="Signature">The bytes after the key id, never empty.</param>
public sealed record NoteSignature(string KeyName, uint KeyId, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The line without its newline.</summary>
    public override string ToString()
    {
        byte[] data = new byte[4 + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(data, KeyId);
        Signature.Span.CopyTo(data.AsSpan(4));
        return $"— {KeyName} {Convert.ToBase64String(data)}";
    }
}

/// <summary>A C2SP signed note: a text that ends in a newline, a blank line, one or more signature lines.</summary>
public sealed class SignedNote
{
    /// <summary>Longest note accepted.</summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>Most signature lines accepted; the specification asks for at least 16.</summary>
    public const int MaxSignatures = 100;

    private const string LinePrefix = "— ";

    /// <summary>Puts at least one signature to a text. A text that no note can have is a bug of the caller.</summary>
    public SignedNote(string text, IEnumerable<NoteSignature> signatures)
    {
        Text = text;
        Signatures = [.. signatures];
        if (!IsText(text))
            throw new ArgumentException("A note's text ends in a newline and has no other control character.", nameof(text));
        if (Signatures.Count == 0)
            throw new ArgumentException("A note has at least one signature.", nameof(signatures));
    }

    private SignedNote(string text, List<NoteSignature> signatures)
    {
        Text = text;
        Signatures = signatures;
    }

    /// <summary>The signed text, with its final newline.</summary>
    public string Text { get; }

    /// <summary>The signature lines in order.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Parses a note strictly: <see cref="ToBytes"/> of the result gives the same bytes.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedNote? note, [NotNullWhen(false)] out string? error)
    {
        note = null;
        error = null;
        if (bytes.Length > MaxBytes)
            error = $"a note is at most {MaxBytes} bytes";
        else if (!StrictText.TryUtf8(bytes, out string? all))
            error = "a note is UTF-8";
        else if (!IsText(all))
            error = "a note ends in a newline and has no other control character";
        else
        {
            int split = all.LastIndexOf("\n\n", StringComparison.Ordinal);
            if (split < 0)
                error = "no blank line before the signatures";
            else if (TryParseSignatures(all.AsSpan(split + 2), out var signatures, out error))
                note = new SignedNote(all[..(split + 1)], signatures);
        }
        return note != null;
    }

    /// <summary>The note as UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    /// <summary>The note as text.</summary>
    public override string ToString()
    {
        var builder = new StringBuilder(Text).Append('\n');
        foreach (var signature in Signatures)
            builder.Append(signature).Append('\n');
        return builder.ToString();
    }

    private static bool TryParseSignatures(
        ReadOnlySpan<char> lines, out List<NoteSignature> signatures, [NotNullWhen(false)] out string? error)
    {
        signatures = [];
        error = lines.IsEmpty ? "a note has at least one signature" : null;
        while (!lines.IsEmpty && error == null)
        {
            int end = lines.IndexOf('\n');
            if (signatures.Count == MaxSignatures)
                error = $"a note has at most {MaxSignatures} signatures";
            else if (TryParseSignature(lines[..end], out var signature))
                signatures.Add(signature);
            else
                error = $"signature line {signatures.Count + 1} is malformed";
            lines = lines[(end + 1)..];
        }
        return error == null;
    }

    private static bool TryParseSignature(ReadOnlySpan<char> line, [NotNullWhen(true)] out NoteSignature? signature)
    {
        signature = null;
        if (!line.StartsWith(LinePrefix, StringComparison.Ordinal))
            return false;
        line = line[LinePrefix.Length..];
        int space = line.IndexOf(' ');
        if (space < 0 || !StrictText.IsKeyName(line[..space]))
            return false;
        if (!StrictText.TryBase64(line[(space + 1)..], out byte[]? data) || data.Length < 5)
            return false;
        uint id = BinaryPrimitives.ReadUInt32BigEndian(data);
        signature = new NoteSignature(line[..space].ToString(), id, data.AsMemory(4));
        return true;
    }

    private static bool IsText(string text) =>
        text.EndsWith('\n') && !text.AsSpan().ContainsAnyInRange('\0', '\t') && !text.AsSpan().ContainsAnyInRange('\v', '\x1f');
}
