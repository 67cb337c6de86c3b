using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Parsing;

namespace RxChain.Prescriptions;

/// <summary>Reads the payload of a signed event, strictly: two parsers that accept the same bytes must
/// read the same event. Grammar and ranges are stated in events.proto.</summary>
public static class EventParser
{
    /// <summary>Most bytes that a payload may have.</summary>
    public const int MaxPayloadBytes = 48 * 1024;

    private static readonly MessageTable Table = new(Event.Descriptor);

    /// <summary>Parses bytes from outside. Never throws.</summary>
    /// <param name="payload">The payload of a signed envelope.</param>
    /// <param name="e">The event, or null when the bytes are malformed.</param>
    /// <param name="error">Empty, or the path of the offending field and what is wrong with it.</param>
    /// <returns>False for <see cref="Outcome.Malformed"/>.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out Event? e, out string error)
    {
        e = null;
        error = payload.Length > MaxPayloadBytes
            ? $"payload: {payload.Length} bytes, at most {MaxPayloadBytes}"
            : WireScanner.Scan(payload.Span, Table) ?? Parse(payload.Span, out e) ?? Ranges.Check(e!) ?? "";
        if (error.Length > 0) e = null;
        return e is not null;
    }

    private static string? Parse(ReadOnlySpan<byte> payload, out Event? e)
    {
        try
        {
            e = Event.Parser.ParseFrom(payload);
            return null;
        }
        catch (InvalidProtocolBufferException)
        {
            // The scanner is stricter, so this cannot happen; were it to, a node must not fall over it.
            e = null;
            return "payload: not a protobuf message";
        }
    }
}
