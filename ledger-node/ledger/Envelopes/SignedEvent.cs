using System.Diagnostics.CodeAnalysis;
using System.Text;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Envelopes;

/// <summary>
/// A signed event: the envelope's bytes, kept verbatim, and what they say.
/// The envelope is the protobuf message <c>{ string payload_type = 1; bytes payload = 2; repeated bytes signatures = 3; }</c>
/// in its one canonical encoding: fields in order, each present, lengths in minimal varints, signatures of 64 bytes.
/// </summary>
public sealed class SignedEvent
{
    /// <summary>Greatest length of an envelope in bytes.</summary>
    public const int MaxSizeBytes = 48 * 1024;

    private const int SignatureSizeBytes = 64;
    private static readonly byte[] TypeField =
        [0x0A, (byte)Dsse.EventType.Length, .. Encoding.ASCII.GetBytes(Dsse.EventType)];

    private readonly int _signaturesAt;

    private SignedEvent(ReadOnlyMemory<byte> bytes, int payloadAt, int payloadLength, Event parsed)
    {
        Bytes = bytes;
        Payload = bytes.Slice(payloadAt, payloadLength);
        _signaturesAt = payloadAt + payloadLength;
        Event = parsed;
        EventId = Dsse.EventId(Payload.Span);
        EnvelopeHash = Hash32.Sha256(bytes.Span);
    }

    /// <summary>The envelope as received.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The event's bytes inside the envelope.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The event, parsed. Not to be changed.</summary>
    public Event Event { get; }

    /// <summary>SHA-256 of the DSSE encoding; independent of the signatures.</summary>
    public Hash32 EventId { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>: how a batch header names the envelope.</summary>
    public Hash32 EnvelopeHash { get; }

    /// <summary>Number of signatures; always the number of key ids in the event.</summary>
    public int SignatureCount => Event.KeyIds.Count;

    /// <summary>Signature <paramref name="index"/>, r||s of 64 bytes, by the key that the event names at this place.</summary>
    public ReadOnlySpan<byte> Signature(int index) =>
        Bytes.Span.Slice(_signaturesAt + index * (2 + SignatureSizeBytes) + 2, SignatureSizeBytes);

    /// <summary>Puts a payload and its signatures into an envelope.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> payload, IReadOnlyList<byte[]> signatures)
    {
        using var stream = new MemoryStream(TypeField.Length + payload.Length + 5 + signatures.Count * 66);
        stream.Write(TypeField);
        stream.WriteByte(0x12);
        WriteVarint(stream, (uint)payload.Length);
        stream.Write(payload);
        foreach (byte[] signature in signatures)
        {
            stream.WriteByte(0x1A);
            stream.WriteByte(SignatureSizeBytes);
            stream.Write(signature);
        }
        return stream.ToArray();
    }

    /// <summary>
    /// Reads an envelope strictly: its form, the event's form, and that it carries exactly the signatures that the event names.
    /// Verifies no signature. On failure <paramref name="refusal"/> says why, as an outcome below 100.
    /// </summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out SignedEvent? signed, out Refusal refusal)
    {
        signed = null;
        if (!TrySplit(bytes.Span, out int payloadAt, out int payloadLength, out int signatures, out string error))
        {
            refusal = new Refusal(Outcome.Malformed, error);
            return false;
        }
        if (!EventParser.TryParse(bytes.Slice(payloadAt, payloadLength), out var parsed, out error))
        {
            refusal = new Refusal(Outcome.Malformed, error);
            return false;
        }
        if (signatures != parsed.KeyIds.Count)
        {
            refusal = new Refusal(Outcome.MissingSignature,
                $"envelope: {signatures} signatures, but the event names {parsed.KeyIds.Count} keys");
            return false;
        }
        refusal = new Refusal(Signers.Check(parsed), $"event: key_ids: not the signers that {parsed.ActCase} needs");
        if (refusal.Outcome != Outcome.Accepted)
            return false;
        signed = new SignedEvent(bytes, payloadAt, payloadLength, parsed);
        return true;
    }

    private static bool TrySplit(
        ReadOnlySpan<byte> bytes, out int payloadAt, out int payloadLength, out int signatures, out string error)
    {
        payloadAt = payloadLength = signatures = 0;
        error = "";
        if (bytes.Length > MaxSizeBytes)
            error = $"envelope: {bytes.Length} bytes, more than {MaxSizeBytes}";
        else if (!bytes.StartsWith(TypeField))
            error = $"envelope: does not begin with payload_type \"{Dsse.EventType}\"";
        else if (!TryReadPayloadHead(bytes, out payloadAt, out payloadLength))
            error = "envelope: payload: not a length-delimited field 2 with a minimal length that fits";
        else if (!TryCountSignatures(bytes[(payloadAt + payloadLength)..], out signatures))
            error = "envelope: signatures: each must be field 3 with exactly 64 bytes, and nothing may follow";
        return error.Length == 0;
    }

    private static bool TryReadPayloadHead(ReadOnlySpan<byte> bytes, out int payloadAt, out int payloadLength)
    {
        int at = TypeField.Length;
        payloadAt = payloadLength = 0;
        if (at >= bytes.Length || bytes[at++] != 0x12)
            return false;
        for (int shift = 0; shift <= 14; shift += 7)
        {
            if (at >= bytes.Length)
                return false;
            byte b = bytes[at++];
            payloadLength |= (b & 0x7F) << shift;
            if ((b & 0x80) != 0)
                continue;
            payloadAt = at;
            bool minimal = shift == 0 || b != 0;
            return minimal && payloadLength <= bytes.Length - at;
        }
        return false;
    }

    private static bool TryCountSignatures(ReadOnlySpan<byte> rest, out int count)
    {
        const int FieldSize = 2 + SignatureSizeBytes;
        count = rest.Length / FieldSize;
        if (rest.Length % FieldSize != 0)
            return false;
        for (int at = 0; at < rest.Length; at += FieldSize)
        {
            if (rest[at] != 0x1A || rest[at + 1] != SignatureSizeBytes)
                return false;
        }
        return true;
    }

    private static void WriteVarint(Stream stream, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}

/// <summary>Why an event was not ordered.</summary>
/// <param name="Outcome">A code from 1 to 99; <see cref="Outcome.Accepted"/> when there is no refusal.</param>
/// <param name="Detail">What is wrong and where, for the sender.</param>
public readonly record struct Refusal(Outcome Outcome, string Detail);
