using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RxChain.Ledger.Layout;

/// <summary>Writes the fixed big-endian layouts of docs/FORMAT.md.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(capacity);

    public int Length => _buffer.WrittenCount;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public ByteWriter U8(int value) => Raw([checked((byte)value)]);

    public ByteWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(2), checked((ushort)value));
        _buffer.Advance(2);
        return this;
    }

    public ByteWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public ByteWriter U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    public ByteWriter I64(long value) => U64((ulong)value);

    public ByteWriter Hash(in Hash32 hash) => Raw(hash.Span);

    public ByteWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    /// <summary>Text behind a length of one byte.</summary>
    public ByteWriter Text8(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return U8(bytes.Length).Raw(bytes);
    }

    /// <summary>Text behind a length of two bytes.</summary>
    public ByteWriter Text16(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return U16(bytes.Length).Raw(bytes);
    }

    /// <summary>Bytes behind a length of four bytes.</summary>
    public ByteWriter Blob32(ReadOnlySpan<byte> bytes) => U32((uint)bytes.Length).Raw(bytes);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();
}
