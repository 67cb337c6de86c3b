using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace RxChain.Ledger.Tlog;

/// <summary>One accepted spelling for each value, so that parsing and writing again gives the same bytes.</summary>
internal static class StrictText
{
    /// <summary>Base64 of RFC 4648, section 4, with padding and zero trailing bits.</summary>
    public static bool TryBase64(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 != 0)
            return false;
        byte[] buffer = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, buffer, out int written))
            return false;
        Span<char> again = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        if (!Convert.TryToBase64Chars(buffer.AsSpan(0, written), again, out int length) || !again[..length].SequenceEqual(text))
            return false;
        bytes = buffer[..written];
        return true;
    }

    /// <summary>Base64 of a 32-byte hash.</summary>
    public static bool TryHash(ReadOnlySpan<char> text, out Hash32 hash)
    {
        hash = default;
        return text.Length == 44 && TryBase64(text, out byte[]? bytes) && Hash32.TryCreate(bytes, out hash);
    }

    /// <summary>ASCII decimal, no sign, no leading zero unless it is "0", at most 2^63 - 1.</summary>
    public static bool TryDecimal(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        return text.Length is >= 1 and <= 19
            && (text[0] != '0' || text.Length == 1)
            && !text.ContainsAnyExceptInRange('0', '9')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>UTF-8 to text, refusing malformed sequences, so that encoding again gives the same bytes.</summary>
    public static bool TryUtf8(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
        return text != null;
    }

    /// <summary>A signed-note key name: not empty, no Unicode space, no plus, no control character.</summary>
    public static bool IsKeyName(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
        {
            if (c == '+' || c < ' ' || char.IsWhiteSpace(c))
                return false;
        }
        return !name.IsEmpty;
    }
}
