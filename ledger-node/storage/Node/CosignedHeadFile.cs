using System.Buffers.Binary;
using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>
/// The last cosigned head in a file of two slots, each in a page of its own, written in turn: whatever a power loss does to
/// one, the other is whole. A slot, big-endian: <c>"RXCOSIG1" | number u64 | size i64 | root (32) | CRC-32C u32</c>.
/// Thread-safe.
/// </summary>
public sealed class CosignedHeadFile : ICosignedHeadStore, IDisposable
{
    private const int SlotBytes = 60;
    private const int SlotDistance = 4096;
    private const int CrcOffset = 56;

    private readonly Lock _lock = new();
    private readonly IDiskFile _file;
    private CosignedHead _head;
    private ulong _number;
    private bool _failed;

    private CosignedHeadFile(IDiskFile file, ulong number, CosignedHead head)
    {
        _file = file;
        (_number, _head) = (number, head);
    }

    private static ReadOnlySpan<byte> Magic => "RXCOSIG1"u8;

    /// <summary>Opens the file of a data directory, creating it when there is none.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    /// <exception cref="CorruptLogException">Both slots are damaged: this node must not cosign with its key again.</exception>
    public static CosignedHeadFile Open(DataDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return Open(FileDisk.Instance, directory.CosignedFile);
    }

    /// <summary>
    /// Puts the last cosigned head of a stopped node aside when a new epoch drops it, and returns where it is kept; null when it
    /// is not beyond that size. The cosigner key that signed it must never sign again: the caller has seen that it is gone.
    /// </summary>
    public static string? Forget(DataDirectory directory, long beyond, ulong endedEpoch)
    {
        ArgumentNullException.ThrowIfNull(directory);
        using (var file = Open(directory))
        {
            if (file.Read().Size <= beyond)
                return null;
        }
        string kept = $"{directory.CosignedFile}.epoch-{endedEpoch}";
        File.Move(directory.CosignedFile, kept);
        FileDisk.Instance.SyncDirectory(directory.Root);
        return kept;
    }

    internal static CosignedHeadFile Open(IDisk disk, string path)
    {
        if (!disk.Exists(path))
            Create(disk, path);
        var file = disk.Open(path, FileAccess.ReadWrite);
        try
        {
            var (number, head) = ReadNewest(file, path);
            return new CosignedHeadFile(file, number, head);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public CosignedHead Read()
    {
        lock (_lock)
            return _head;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The head is below the last one, or another of the same size: a bug.</exception>
    public void Save(CosignedHead head)
    {
        lock (_lock)
        {
            if (_failed)
                throw new IOException("A cosigned head could not be made durable before: the process must end.");
            if (head == _head)
                return;
            if (head.Size <= _head.Size)
                throw new InvalidOperationException($"Size {_head.Size} was cosigned already; {head.Size} must not be.");
            _failed = true;
            WriteSlot(_file, _number + 1, head);
            _file.Flush();
            _failed = false;
            (_number, _head) = (_number + 1, head);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void Create(IDisk disk, string path)
    {
        string unfinished = path + ".new";
        if (disk.Exists(unfinished))
            disk.Delete(unfinished);
        using (var file = disk.Create(unfinished))
        {
            file.Allocate(2 * SlotDistance);
            WriteSlot(file, 0, default);
            WriteSlot(file, 1, default);
            file.Flush();
        }
        disk.Rename(unfinished, path);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    private static void WriteSlot(IDiskFile file, ulong number, CosignedHead head)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        Magic.CopyTo(slot);
        BinaryPrimitives.WriteUInt64BigEndian(slot[8..], number);
        BinaryPrimitives.WriteInt64BigEndian(slot[16..], head.Size);
        head.Root.CopyTo(slot[24..]);
        BinaryPrimitives.WriteUInt32BigEndian(slot[CrcOffset..], Crc32C.Of(slot[..CrcOffset]));
        file.Write((long)(number % 2) * SlotDistance, slot);
    }

    private static (ulong Number, CosignedHead Head) ReadNewest(IDiskFile file, string path)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        (ulong Number, CosignedHead Head)? newest = null;
        for (int i = 0; i < 2; i++)
        {
            bool whole = file.Read(i * SlotDistance, slot) == SlotBytes && slot.StartsWith(Magic)
                && BinaryPrimitives.ReadUInt32BigEndian(slot[CrcOffset..]) == Crc32C.Of(slot[..CrcOffset]);
            ulong number = BinaryPrimitives.ReadUInt64BigEndian(slot[8..]);
            if (!whole || newest?.Number > number)
                continue;
            var root = new Hash32(slot.Slice(24, Hash32.SizeBytes));
            newest = (number, new CosignedHead(BinaryPrimitives.ReadInt64BigEndian(slot[16..]), root));
        }
        return newest ?? throw new CorruptLogException(
            $"{path}: both copies of the last cosigned head are damaged. Without it this node could sign a second history: "
            + "give the validator a new cosigner key by vote.");
    }
}
