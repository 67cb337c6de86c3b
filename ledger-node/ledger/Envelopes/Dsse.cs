using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace RxChain.Ledger.Envelopes;

/// <summary>
/// The pre-authentication encoding of DSSE v1 (secure-systems-lab/dsse, protocol.md):
/// <c>"DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload</c>, lengths in decimal. What a signature covers.
/// </summary>
public static class Dsse
{
    /// <summary>Payload type of a signed event.</summary>
    public const string EventType = "application/vnd.rxchain.event.v1";

    private static readonly byte[] EventPrefix = Prefix(EventType);

    /// <summary>The whole encoding.</summary>
    public static byte[] Encode(string payloadType, ReadOnlySpan<byte> payload) =>
        [.. Prefix(payloadType), .. Decimal(payload.Length), (byte)' ', .. payload];

    /// <summary>SHA-256 of the encoding of an event's payload: the event id, and the digest that its signers sign.</summary>
    public static Hash32 EventId(ReadOnlySpan<byte> payload)
    {
        int prefix = EventPrefix.Length;
        int length = prefix + 12 + payload.Length;
        byte[] rented = System.Buffers.ArrayPool<byte>.Shared.Rent(length);
        EventPrefix.CopyTo(rented, 0);
        Utf8Formatter.TryFormat(payload.Length, rented.AsSpan(prefix), out int digits);
        rented[prefix + digits] = (byte)' ';
        payload.CopyTo(rented.AsSpan(prefix + digits + 1));
        var id = Hash32.Sha256(rented.AsSpan(0, prefix + digits + 1 + payload.Length));
        System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        return id;
    }

    /// <summary>SHA-256 of the encoding: what an ECDSA signer with SHA-256 signs.</summary>
    public static Hash32 Digest(string payloadType, ReadOnlySpan<byte> payload) =>
        new(SHA256.HashData(Encode(payloadType, payload)));

    private static byte[] Prefix(string payloadType)
    {
        byte[] type = Encoding.UTF8.GetBytes(payloadType);
        return [.. "DSSEv1 "u8, .. Decimal(type.Length), (byte)' ', .. type, (byte)' '];
    }

    private static byte[] Decimal(int value) =>
        Encoding.ASCII.GetBytes(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
