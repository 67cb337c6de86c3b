using System.Buffers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace RxChain.Prescriptions.Parsing;

/// <summary>Checks of one field: null when it is in range, else its name and what is wrong.
/// Nothing is allocated for a good field.</summary>
internal static class FieldChecks
{
    public const int IdBytes = 16;
    public const int HashBytes = 32;
    public const int PublicKeyBytes = 65;
    public const int SignatureBytes = 64;
    public const uint MaxCode = 65_535;
    private const int MaxNameBytes = 64;
    private const long MaxTimeMs = 253_402_300_799_999;

    private static readonly SearchValues<char> NameChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    public static string? That(string field, bool holds, string otherwise) => holds ? null : $"{field}: {otherwise}";

    public static string? Given(string field, bool given) => given ? null : $"{field}: missing";

    public static string? Bytes(string field, ByteString value, int length) =>
        value.Length == length ? null : $"{field}: {value.Length} bytes, not {length}";

    public static string? OptionalBytes(string field, ByteString value, int length) =>
        value.IsEmpty ? null : Bytes(field, value, length);

    public static string? PublicKey(string field, ByteString value) =>
        Bytes(field, value, PublicKeyBytes) ?? (value[0] == 4 ? null : $"{field}: does not begin with 4");

    public static string? Within(string field, uint value, uint min, uint max) =>
        value >= min && value <= max ? null : $"{field}: {value}, not {min} to {max}";

    public static string? Reason(string field, uint code) => Within(field, code, 1, MaxCode);

    public static string? Count(string field, int count, int min, int max) =>
        count >= min && count <= max ? null : $"{field}: {count} given, not {min} to {max}";

    public static string? Time(string field, long timeMs) =>
        timeMs is >= 1 and <= MaxTimeMs ? null : $"{field}: {timeMs}, not 1 to {MaxTimeMs}";

    public static string? Text(string field, string value, int maxBytes) =>
        value.Length > 0 && Encoding.UTF8.GetByteCount(value) <= maxBytes ? null : $"{field}: not 1 to {maxBytes} bytes";

    public static string? Name(string field, string value) =>
        value.Length is >= 1 and <= MaxNameBytes && !value.AsSpan().ContainsAnyExcept(NameChars)
            ? null
            : $"{field}: not 1 to {MaxNameBytes} of [a-z0-9.-]";

    public static string? OptionalName(string field, string value) => value.Length == 0 ? null : Name(field, value);

    /// <summary>Puts the name of the containing field before an error.</summary>
    public static string? Under(string field, string? error) => error is null ? null : $"{field}.{error}";

    public static string? Each<T>(string field, RepeatedField<T> values, Func<T, string?> check)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (check(values[i]) is { } error)
                return error[0] == ':' ? $"{field}[{i}]{error}" : $"{field}[{i}].{error}";
        }
        return null;
    }
}
