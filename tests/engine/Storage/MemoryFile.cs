using RxChain.Storage;

namespace RxChain.Testing;

internal sealed partial class MemoryDisk
{
    private const int PageBytes = 4096;
    private const int SectorBytes = 512;

    /// <summary>Bytes as programs see them, as they are on the disk, and which sectors differ.</summary>
    private sealed class MemoryFile(byte[] bytes)
    {
        private readonly SortedSet<long> _dirtySectors = [];
        private byte[] _cache = [.. bytes];
        private byte[] _durable = [.. bytes];
        private long _durableLength = bytes.Length;

        public long Length { get; private set; } = bytes.Length;

        public byte[] ToArray() => _cache.AsSpan(0, (int)Length).ToArray();

        public int Read(long offset, Span<byte> destination)
        {
            int count = (int)Math.Clamp(Length - offset, 0, destination.Length);
            _cache.AsSpan((int)Math.Min(offset, Length), count).CopyTo(destination);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            Extend(offset + bytes.Length);
            bytes.CopyTo(_cache.AsSpan((int)offset));
            MarkDirty(offset, offset + bytes.Length);
        }

        public void SetLength(long length)
        {
            if (length < Length)
            {
                _cache.AsSpan((int)length, (int)(Length - length)).Clear();
                MarkDirty(length, Length);
                Length = length;
            }
            Extend(length);
        }

        public void Flush()
        {
            foreach (long sector in _dirtySectors)
                CopySector(sector, ref _durable);
            _durableLength = Length;
            _dirtySectors.Clear();
        }

        /// <summary>A flush that failed: the pages count as clean, and were not stored.</summary>
        public void ForgetDirty() => _dirtySectors.Clear();

        public MemoryFile AfterPowerLoss(Unflushed unflushed, Random random)
        {
            byte[] after = [.. _durable];
            foreach (var page in _dirtySectors.GroupBy(s => s * SectorBytes / PageBytes))
            {
                int fate = unflushed == Unflushed.Random ? random.Next(3) : unflushed == Unflushed.Kept ? 1 : 0;
                foreach (long sector in page.Where(_ => fate == 1 || (fate == 2 && random.Next(2) == 0)))
                    CopySector(sector, ref after);
            }
            bool newLength = unflushed == Unflushed.Kept || (unflushed == Unflushed.Random && random.Next(2) == 0);
            Array.Resize(ref after, (int)(newLength ? Length : _durableLength));
            return new MemoryFile(after);
        }

        private void CopySector(long sector, ref byte[] target)
        {
            int start = (int)(sector * SectorBytes), end = start + SectorBytes;
            if (target.Length < end)
                Array.Resize(ref target, Math.Max(end, 2 * target.Length));
            if (_cache.Length < end)
                Array.Resize(ref _cache, end);
            _cache.AsSpan(start, SectorBytes).CopyTo(target.AsSpan(start));
        }

        private void Extend(long length)
        {
            if (_cache.Length < length)
                Array.Resize(ref _cache, (int)Math.Max(length, 2L * _cache.Length));
            Length = Math.Max(Length, length);
        }

        private void MarkDirty(long from, long to)
        {
            for (long sector = from / SectorBytes; sector * SectorBytes < to; sector++)
                _dirtySectors.Add(sector);
        }
    }

    private sealed class Handle(MemoryDisk disk, MemoryFile file) : IDiskFile
    {
        private bool _disposed;

        public long Length
        {
            get
            {
                lock (disk._lock)
                    return file.Length;
            }
        }

        public int Read(long offset, Span<byte> destination)
        {
            lock (disk._lock)
            {
                disk.ThrowIfOff();
                ObjectDisposedException.ThrowIf(_disposed, this);
                return file.Read(offset, destination);
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            byte[] copy = bytes.ToArray();
            Change("write", half =>
            {
                disk.Reserve(offset + copy.Length - file.Length);
                file.Write(offset, half ? copy.AsSpan(0, copy.Length / 2) : copy);
            });
        }

        public void SetLength(long lengthBytes) => Change("set length", _ =>
        {
            disk.Reserve(lengthBytes - file.Length);
            file.SetLength(lengthBytes);
        });

        public void Allocate(long lengthBytes) => Change("allocate", _ =>
        {
            disk.Reserve(lengthBytes - file.Length);
            file.SetLength(Math.Max(lengthBytes, file.Length));
        });

        public void Flush() => Change("flush", half =>
        {
            if (half)
                file.ForgetDirty();
            else
                file.Flush();
        });

        public void Dispose() => _disposed = true;

        private void Change(string kind, Action<bool> action)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            disk.Change(kind, half =>
            {
                action(half);
                return true;
            });
        }
    }
}
