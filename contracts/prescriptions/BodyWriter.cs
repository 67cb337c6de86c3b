using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RxChain.Prescriptions;

/// <summary>Writes the fixed layouts of docs/FORMAT.md: big-endian, text after its length in bytes (u16).</summary>
internal sealed class BodyWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public BodyWriter Text(string value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes.GetSpan(2), checked((ushort)Encoding.UTF8.GetByteCount(value)));
        bytes.Advance(2);
        Encoding.UTF8.GetBytes(value, bytes);
        return this;
    }

    public BodyWriter Fixed(ReadOnlySpan<byte> value)
    {
        bytes.Write(value);
        return this;
    }

    public BodyWriter Byte(byte value) => Fixed([value]);

    public BodyWriter Number(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes.GetSpan(4), value);
        bytes.Advance(4);
        return this;
    }

    public BodyWriter Time(long timeMs)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(8), timeMs);
        bytes.Advance(8);
        return this;
    }

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();
}
