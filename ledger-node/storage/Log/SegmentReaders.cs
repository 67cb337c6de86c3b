namespace RxChain.Storage;

/// <summary>Open segments for reading: a bounded number, the least recently used closed first. Thread-safe.</summary>
internal sealed class SegmentReaders(SegmentFiles segments, int limit) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Entry> _open = [];
    private long _clock;
    private bool _disposed;

    /// <summary>Borrows the file of a segment until the lease is disposed.</summary>
    public Lease Rent(int ordinal)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_open.TryGetValue(ordinal, out var entry))
            {
                CloseOldest();
                _open.Add(ordinal, entry = new Entry(segments.Open(ordinal, FileAccess.Read)));
            }
            entry.Users++;
            entry.LastUse = ++_clock;
            return new Lease(this, entry);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var entry in _open.Values.Where(e => e.Users == 0))
                entry.File.Dispose();
        }
    }

    private void Return(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Users == 0 && _disposed)
                entry.File.Dispose();
        }
    }

    private void CloseOldest()
    {
        if (_open.Count < limit || !_open.Any(p => p.Value.Users == 0))
            return;
        var (ordinal, oldest) = _open.Where(p => p.Value.Users == 0).MinBy(p => p.Value.LastUse);
        oldest.File.Dispose();
        _open.Remove(ordinal);
    }

    internal sealed class Entry(IDiskFile file)
    {
        public IDiskFile File { get; } = file;
        public int Users { get; set; }
        public long LastUse { get; set; }
    }

    internal readonly struct Lease(SegmentReaders owner, Entry entry) : IDisposable
    {
        public IDiskFile File => entry.File;

        public void Dispose() => owner.Return(entry);
    }
}
