using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace RxChain.Ledger.Tlog;

/// <summary>Entry bundles of C2SP tlog-tiles ("Log entries"): each entry behind its length as a big-endian u16.</summary>
public static class EntryBundle
{
    /// <summary>Longest entry.</summary>
    public const int MaxEntryBytes = ushort.MaxValue;

    /// <summary>Writes one entry; a longer one than <see cref="MaxEntryBytes"/> is a bug of the caller.</summary>
    public static void Append(IBufferWriter<byte> bundle, ReadOnlySpan<byte> entry)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, MaxEntryBytes, nameof(entry));
        var destination = bundle.GetSpan(2 + entry.Length);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)entry.Length);
        entry.CopyTo(destination[2..]);
        bundle.Advance(2 + entry.Length);
    }

    /// <summary>
    /// Reads exactly <paramref name="count"/> entries (1 to 256), as slices of <paramref name="bundle"/>; false when it
    /// holds fewer, or bytes follow.
    /// </summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> bundle, int count, [NotNullWhen(true)] out ReadOnlyMemory<byte>[]? entries)
    {
        entries = null;
        if (count is < 1 or > TileId.FullWidth)
            return false;
        var parsed = new ReadOnlyMemory<byte>[count];
        for (int i = 0; i < count; i++)
        {
            if (bundle.Length < 2)
                return false;
            int length = BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            if (bundle.Length < 2 + length)
                return false;
            parsed[i] = bundle.Slice(2, length);
            bundle = bundle[(2 + length)..];
        }
        if (bundle.IsEmpty)
            entries = parsed;
        return entries != null;
    }
}
