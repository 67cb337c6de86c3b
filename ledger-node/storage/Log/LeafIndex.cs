using System.Buffers.Binary;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>Where a leaf's record stands, and the first 48 bits of its hash, which bear witness when log and tiles disagree.</summary>
internal readonly record struct IndexEntry(int Segment, uint Offset, int LeafBytes, ulong HashPrefix)
{
    public const int SizeBytes = 16;

    public static IndexEntry Of(int segment, long offset, int leafBytes, in Hash32 hash) =>
        new(segment, checked((uint)offset), leafBytes, Prefix(hash));

    public static ulong Prefix(in Hash32 hash) => BinaryPrimitives.ReadUInt64BigEndian(hash.Span) >> 16;

    public static IndexEntry Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32BigEndian(bytes),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & 0xFFFF_FFFF_FFFF);

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes, Segment);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], Offset);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (ulong)LeafBytes << 48 | HashPrefix);
    }
}

/// <summary>
/// The file <c>index</c>: 16 bytes a leaf, <c>segment u32 | offset u32 | leaf bytes u16 | hash prefix u48</c>, big-endian.
/// Derived from the log: not flushed while the log runs, checked and mended when it is opened.
/// </summary>
internal sealed class LeafIndex(IDisk disk, string path) : IDisposable
{
    private readonly IDiskFile _file = disk.OpenOrCreate(path);

    public string Path { get; } = path;

    /// <summary>The underlying fixed-size entries.</summary>
    public IDiskFile File => _file;

    /// <summary>The entry of a leaf that the log has.</summary>
    public IndexEntry this[long index]
    {
        get
        {
            Span<byte> bytes = stackalloc byte[IndexEntry.SizeBytes];
            return Read(index, bytes) == 1 ? IndexEntry.Read(bytes) : throw Missing(index);
        }
    }

    /// <summary>Reads as many entries as fit into <paramref name="bytes"/> and exist; returns their number.</summary>
    public int Read(long index, Span<byte> bytes) =>
        _file.Read(index * IndexEntry.SizeBytes, bytes) / IndexEntry.SizeBytes;

    public void Write(long index, ReadOnlySpan<byte> entries) => _file.Write(index * IndexEntry.SizeBytes, entries);

    public void Dispose() => _file.Dispose();

    private Engine.Ports.CorruptLogException Missing(long index) =>
        new($"{Path}: the entry of leaf {index} is missing. Stop the node and start it again: it is rebuilt from the log.");
}
