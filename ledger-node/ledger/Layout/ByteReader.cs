using System.Buffers.Binary;
using System.Text;

namespace RxChain.Ledger.Layout;

/// <summary>
/// Reads the fixed big-endian layouts of docs/FORMAT.md. After the first read that does not fit, every later one
/// fails too, so that a parser checks <see cref="Failed"/> once at its end.
/// </summary>
internal ref struct ByteReader(ReadOnlyMemory<byte> bytes)
{
    // Lets a bad byte be refused instead of silently replaced.
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private int _position;

    public bool Failed { get; private set; }

    public readonly int Position => _position;

    /// <summary>True when everything was read and nothing failed.</summary>
    public readonly bool AtEnd => !Failed && _position == bytes.Length;

    public ReadOnlyMemory<byte> Bytes(int length)
    {
        if (Failed || length < 0 || length > bytes.Length - _position)
        {
            Failed = true;
            return default;
        }
        var slice = bytes.Slice(_position, length);
        _position += length;
        return slice;
    }

    public byte U8() => Bytes(1) is { IsEmpty: false } b ? b.Span[0] : (byte)0;

    public ushort U16() => Bytes(2) is { IsEmpty: false } b ? BinaryPrimitives.ReadUInt16BigEndian(b.Span) : (ushort)0;

    public uint U32() => Bytes(4) is { IsEmpty: false } b ? BinaryPrimitives.ReadUInt32BigEndian(b.Span) : 0;

    public ulong U64() => Bytes(8) is { IsEmpty: false } b ? BinaryPrimitives.ReadUInt64BigEndian(b.Span) : 0;

    public long I64() => (long)U64();

    /// <summary>A size, index or time: an u64 whose top bit is clear.</summary>
    public long Count()
    {
        long value = I64();
        if (value < 0)
            Failed = true;
        return value;
    }

    public Hash32 Hash() => Bytes(Hash32.SizeBytes) is { IsEmpty: false } b ? new Hash32(b.Span) : default;

    /// <summary>Bytes behind a length of four bytes.</summary>
    public ReadOnlyMemory<byte> Blob32() => Bytes((int)Math.Min(U32(), int.MaxValue));

    /// <summary>Text behind a length of four bytes.</summary>
    public string Text32() => Text((int)Math.Min(U32(), int.MaxValue));

    /// <summary>UTF-8 text of <paramref name="length"/> bytes.</summary>
    public string Text(int length)
    {
        var slice = Bytes(length);
        try
        {
            return StrictUtf8.GetString(slice.Span);
        }
        catch (ArgumentException)
        {
            Failed = true;
            return "";
        }
    }

    public void Fail() => Failed = true;
}
