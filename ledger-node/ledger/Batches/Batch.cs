using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Layout;

namespace RxChain.Ledger.Batches;

/// <summary>
/// One put to the ordering: a signed header and the envelopes it names. Makes one block.
/// Bytes: header length u32, header, then each envelope behind a u16 length.
/// </summary>
public sealed class Batch
{
    /// <summary>Greatest length of a batch in bytes, header included.</summary>
    public const int MaxSizeBytes = 64 * 1024;

    /// <summary>Bytes that an envelope adds to a batch beside its own: its length and its hash in the header.</summary>
    public const int OverheadPerEnvelopeBytes = 2 + Hash32.SizeBytes;

    private Batch(ReadOnlyMemory<byte> headerBytes, BatchHeader header, IReadOnlyList<SignedEvent> events)
    {
        HeaderBytes = headerBytes;
        Header = header;
        Events = events;
    }

    /// <summary>The signed header, verbatim.</summary>
    public ReadOnlyMemory<byte> HeaderBytes { get; }

    /// <summary>The header, parsed.</summary>
    public BatchHeader Header { get; }

    /// <summary>The events, in the header's order.</summary>
    public IReadOnlyList<SignedEvent> Events { get; }

    /// <summary>Joins a signed header and its envelopes.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> headerBytes, IReadOnlyList<ReadOnlyMemory<byte>> envelopes)
    {
        var writer = new ByteWriter(MaxSizeBytes).Blob32(headerBytes);
        foreach (var envelope in envelopes)
            writer.U16(envelope.Length).Raw(envelope.Span);
        return writer.ToArray();
    }

    /// <summary>A batch that this node has just made out of parsed events.</summary>
    public static Batch Create(ReadOnlyMemory<byte> headerBytes, BatchHeader header, IReadOnlyList<SignedEvent> events) =>
        new(headerBytes, header, events);

    /// <summary>The header's bytes of what may be a batch, unread; false when it is too short to hold one.</summary>
    public static bool TryReadHeader(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> headerBytes)
    {
        var reader = new ByteReader(bytes);
        headerBytes = reader.Bytes((int)Math.Min(reader.U32(), MaxSizeBytes));
        return headerBytes.Length > BatchHeader.SignatureSizeBytes;
    }

    /// <summary>
    /// Reads a batch strictly. A batch with one malformed event is void whole. Verifies no signature.
    /// </summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Batch? batch, out string error)
    {
        batch = null;
        error = "batch: header does not follow the grammar";
        if (bytes.Length > MaxSizeBytes)
        {
            error = $"batch: {bytes.Length} bytes, more than {MaxSizeBytes}";
            return false;
        }
        var reader = new ByteReader(bytes);
        var headerBytes = reader.Bytes((int)Math.Min(reader.U32(), MaxSizeBytes));
        if (!BatchHeader.TryParse(headerBytes, out var header))
            return false;
        var events = new SignedEvent[header.EnvelopeHashes.Count];
        for (int i = 0; i < events.Length; i++)
        {
            if (!SignedEvent.TryParse(reader.Bytes(reader.U16()), out var signed, out var refusal))
            {
                error = $"batch: event {i}: {refusal.Detail}";
                return false;
            }
            if (signed.EnvelopeHash != header.EnvelopeHashes[i])
            {
                error = $"batch: event {i} is not the one that the header names";
                return false;
            }
            events[i] = signed;
        }
        error = "batch: bytes after the last envelope";
        batch = reader.AtEnd ? new Batch(headerBytes, header, events) : null;
        return batch is not null;
    }
}
