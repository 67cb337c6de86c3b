using System.Text.Unicode;

namespace RxChain.Prescriptions.Parsing;

/// <summary>Walks the protobuf wire format (protobuf.dev/programming-guides/encoding) and refuses what
/// lenient parsers would skip, merge, truncate or repair.</summary>
internal static class WireScanner
{
    /// <summary>Null for well-formed bytes, else the path of the offending field and what is wrong.</summary>
    public static string? Scan(ReadOnlySpan<byte> bytes, MessageTable table)
    {
        ulong seen = 0;
        int position = 0;
        while (position < bytes.Length)
        {
            if (!TryReadVarint(bytes, ref position, out ulong tag)) return "tag: bad varint";
            if (table.Find(tag >> 3) is not { } field) return $"field {tag >> 3}: unknown";
            if ((tag & 7) != field.WireType) return $"{field.Name}: wire type {tag & 7}";
            if ((seen & field.Bit) != 0) return $"{field.Name}: given twice, or with another of its oneof";
            seen |= field.Bit;
            string? error = field.WireType == FieldRule.Varint
                ? ScanNumber(bytes, ref position, field)
                : ScanBytes(bytes, ref position, field);
            if (error is not null) return error;
        }
        return null;
    }

    private static string? ScanNumber(ReadOnlySpan<byte> bytes, ref int position, FieldRule field)
    {
        if (!TryReadVarint(bytes, ref position, out ulong value)) return $"{field.Name}: bad varint";
        return value > field.Max ? $"{field.Name}: {value} is more than {field.Max}" : null;
    }

    private static string? ScanBytes(ReadOnlySpan<byte> bytes, ref int position, FieldRule field)
    {
        if (!TryReadVarint(bytes, ref position, out ulong length)) return $"{field.Name}: bad length";
        if (length > (ulong)(bytes.Length - position)) return $"{field.Name}: longer than what contains it";
        ReadOnlySpan<byte> value = bytes.Slice(position, (int)length);
        position += (int)length;
        if (field.Message is { } table) return Scan(value, table) is { } error ? $"{field.Name}.{error}" : null;
        return field.IsText && !Utf8.IsValid(value) ? $"{field.Name}: not UTF-8" : null;
    }

    /// <summary>Reads a varint of 1 to 10 bytes in its shortest form.</summary>
    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && position < bytes.Length; shift += 7)
        {
            byte next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            bool shortest = next != 0 || shift == 0;
            return shortest && (shift < 63 || next == 1);
        }
        return false;
    }
}
