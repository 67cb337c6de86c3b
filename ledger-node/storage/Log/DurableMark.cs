using System.Buffers.Binary;

namespace RxChain.Storage;

/// <summary>
/// The file <c>durable</c>: <c>"RXMARK01" | size i64 | CRC-32C u32</c>. Written after each flush of the log but not flushed
/// itself: it may be behind, never ahead. Tells a process that starts, and a backup, how much of the log is durable.
/// </summary>
internal sealed class DurableMark(IDisk disk, string path) : IDisposable
{
    private const int SizeBytes = 20;

    private readonly IDiskFile _file = disk.OpenOrCreate(path);

    private static ReadOnlySpan<byte> Magic => "RXMARK01"u8;

    /// <summary>The size written last; 0 when there is none or it is torn.</summary>
    public long Read() => Read(_file);

    /// <summary>The size in an open mark file; 0 when there is none or it is torn.</summary>
    public static long Read(IDiskFile file)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        bool whole = file.Read(0, bytes) == SizeBytes && bytes.StartsWith(Magic)
            && BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]) == Crc32C.Of(bytes[..16]);
        return whole ? BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) : 0;
    }

    public void Write(long size)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], size);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], Crc32C.Of(bytes[..16]));
        _file.Write(0, bytes);
    }

    public void Flush() => _file.Flush();

    public void Dispose() => _file.Dispose();
}
