using System.Buffers.Binary;
using System.Numerics;
using RxChain.Auditor.Findings;

namespace RxChain.Auditor.Sources;

/// <summary>
/// Reads a node's segment file, all integers big-endian. A page of 4,096 bytes:
/// <c>"RXLOG001" | salt u64 | first leaf i64 | capacity i64 | ordinal u32 | leaf hash before (32) | CRC-32C u32</c>; then blocks
/// <c>salt u64 | body bytes u32 | count u32 | first index i64 | durable size i64 | CRC-32C u32</c> of records
/// <c>length u32 | CRC-32C u32 | leaf</c>, whose checksum covers index (i64), length and leaf; then zeros.
/// </summary>
internal sealed class SegmentReader(string path, int ordinal, long first) : IDisposable
{
    private const int PageBytes = 4096;
    private const int PageCrcAt = 68;
    private const int BlockHeadBytes = 36;
    private const int BlockCrcAt = 32;
    private const int RecordHeadBytes = 8;
    private const int MaxBodyBytes = 8 << 20;

    private FileStream? _file;
    private ulong _salt;
    private ReadOnlyMemory<byte> _body;
    private int _left;

    /// <summary>Index of the next leaf.</summary>
    public long Next { get; private set; } = first;

    /// <summary>The leaf that <see cref="MoveNext"/> read.</summary>
    public ReadOnlyMemory<byte> Leaf { get; private set; }

    /// <summary>Why <see cref="MoveNext"/> said false; null at the end of the data.</summary>
    public Finding? Problem { get; private set; }

    /// <summary>Reads the next leaf.</summary>
    public bool MoveNext()
    {
        try
        {
            return (_file is not null || TryOpen()) && (_left > 0 || TryReadBlock()) && TryReadRecord();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = Finding.CannotEvaluate("missing", $"cannot be read: {e.Message}", Next, path);
            return false;
        }
    }

    public void Dispose() => _file?.Dispose();

    private bool TryOpen()
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
        Span<byte> page = new byte[PageBytes];
        if (_file.ReadAtLeast(page, PageBytes, throwOnEndOfStream: false) < PageBytes || !page.StartsWith("RXLOG001"u8)
            || BinaryPrimitives.ReadUInt32BigEndian(page[PageCrcAt..]) != Crc32C(page[..PageCrcAt], []))
            return Fail("the segment's header is damaged");
        _salt = BinaryPrimitives.ReadUInt64BigEndian(page[8..]);
        return (BinaryPrimitives.ReadInt64BigEndian(page[16..]) == Next && BinaryPrimitives.ReadInt32BigEndian(page[32..]) == ordinal)
            || Fail($"by its header it is another segment, or begins with another leaf than {Next}");
    }

    private bool TryReadBlock()
    {
        Span<byte> head = stackalloc byte[BlockHeadBytes];
        int read = _file!.ReadAtLeast(head, BlockHeadBytes, throwOnEndOfStream: false);
        if (!head[..read].ContainsAnyExcept((byte)0))
            return false;
        int length = BinaryPrimitives.ReadInt32BigEndian(head[8..]);
        _left = BinaryPrimitives.ReadInt32BigEndian(head[12..]);
        if (read < BlockHeadBytes || BinaryPrimitives.ReadUInt64BigEndian(head) != _salt
            || BinaryPrimitives.ReadUInt32BigEndian(head[BlockCrcAt..]) != Crc32C(head[..BlockCrcAt], [])
            || BinaryPrimitives.ReadInt64BigEndian(head[16..]) != Next || length is < 0 or > MaxBodyBytes || _left < 1)
            return Fail("the block's header is damaged");
        byte[] body = new byte[length];
        _body = body;
        return _file.ReadAtLeast(body, length, throwOnEndOfStream: false) == length || Fail("the block is cut off");
    }

    private bool TryReadRecord()
    {
        Span<byte> place = stackalloc byte[12];
        var head = _body.Span;
        uint length = head.Length >= RecordHeadBytes ? BinaryPrimitives.ReadUInt32BigEndian(head) : uint.MaxValue;
        if (length > head.Length - RecordHeadBytes)
            return Fail("the record is longer than its block");
        Leaf = _body.Slice(RecordHeadBytes, (int)length);
        BinaryPrimitives.WriteInt64BigEndian(place, Next);
        BinaryPrimitives.WriteUInt32BigEndian(place[8..], length);
        if (BinaryPrimitives.ReadUInt32BigEndian(head[4..]) != Crc32C(place, Leaf.Span))
            return Fail("the record's checksum is wrong");
        _body = _body[(RecordHeadBytes + Leaf.Length)..];
        _left--;
        if (_left == 0 && !_body.IsEmpty)
            return Fail("the block is longer than its records");
        Next++;
        return true;
    }

    private bool Fail(string what)
    {
        Problem = Finding.Tampered("segment", $"{what}: truncated or altered", Next, file: path);
        return false;
    }

    // CRC-32C (Castagnoli; RFC 3720, appendix B.4) of two runs of bytes, one after the other.
    private static uint Crc32C(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Update(Update(~0u, first), second);

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
