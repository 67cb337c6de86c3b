using RxChain.Storage;

namespace RxChain.Testing;

/// <summary>What goes wrong at one call.</summary>
internal enum DiskFault
{
    /// <summary>This call and all later ones do nothing and throw <see cref="PowerLossException"/>.</summary>
    PowerLoss,

    /// <summary>The call has no effect.</summary>
    Fail,

    /// <summary>A write stores half of its bytes. A flush forgets what was dirty without storing it (as Linux does).</summary>
    Half,
}

/// <summary>What a power loss leaves of what was not flushed.</summary>
internal enum Unflushed
{
    Lost,
    Kept,

    /// <summary>Any subset of pages, some of them torn at 512 bytes; any prefix of name changes.</summary>
    Random,
}

internal sealed class PowerLossException() : Exception("The power is off.");

/// <summary>
/// A disk in memory that keeps apart what programs see and what would survive a power loss, and that fails on request.
/// Calls that change something are numbered from 0. Thread-safe.
/// </summary>
internal sealed partial class MemoryDisk : IDisk
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryFile> _names = [];
    private readonly Dictionary<string, MemoryFile> _durableNames = [];
    private readonly List<(string Directory, Action<Dictionary<string, MemoryFile>> Change)> _pendingNames = [];
    private bool _off;

    /// <summary>Changing calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>The call that goes wrong.</summary>
    public int? FaultAt { get; set; }

    /// <summary>How it goes wrong.</summary>
    public DiskFault Fault { get; set; }

    /// <summary>Sum of all file lengths that the disk can hold.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Kind of each changing call, when set.</summary>
    public Action<string>? Trace { get; set; }

    /// <summary>Paths of all files.</summary>
    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_lock)
                return [.. _names.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The disk as a machine finds it after the power comes back. This one answers no more.</summary>
    public MemoryDisk AfterPowerLoss(Unflushed unflushed, Random random)
    {
        lock (_lock)
        {
            _off = true;
            int kept = unflushed switch
            {
                Unflushed.Lost => 0,
                Unflushed.Kept => _pendingNames.Count,
                _ => random.Next(_pendingNames.Count + 1),
            };
            var names = new Dictionary<string, MemoryFile>(_durableNames);
            foreach (var (_, change) in _pendingNames.Take(kept))
                change(names);
            var after = new MemoryDisk();
            foreach (var (path, file) in names.OrderBy(p => p.Key, StringComparer.Ordinal))
                after._names[path] = after._durableNames[path] = file.AfterPowerLoss(unflushed, random);
            return after;
        }
    }

    /// <summary>The disk as a process finds it that starts after another was killed: nothing is lost.</summary>
    public void Restart()
    {
        _off = false;
        FaultAt = null;
    }

    /// <summary>A copy of a file's bytes as programs see them.</summary>
    public byte[] this[string path]
    {
        get
        {
            lock (_lock)
                return _names[path].ToArray();
        }
        set
        {
            lock (_lock)
                _names[path] = _durableNames[path] = new MemoryFile(value);
        }
    }

    public bool Exists(string path)
    {
        lock (_lock)
            return _names.ContainsKey(path);
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_lock)
            return [.. _names.Keys.Where(p => Path.GetDirectoryName(p) == directory).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];
    }

    public void CreateDirectory(string path)
    {
    }

    public IDiskFile Create(string path) => Change("create", _ =>
    {
        var file = new MemoryFile([]);
        if (!_names.TryAdd(path, file))
            throw new IOException($"{path} exists.");
        Pend(path, names => names[path] = file);
        return new Handle(this, file);
    });

    public IDiskFile Open(string path, FileAccess access)
    {
        lock (_lock)
        {
            ThrowIfOff();
            return _names.TryGetValue(path, out var file) ? new Handle(this, file) : throw new FileNotFoundException(path);
        }
    }

    public void Rename(string from, string to) => Change("rename", _ =>
    {
        Move(_names);
        Pend(to, Move);
        return true;

        void Move(Dictionary<string, MemoryFile> names)
        {
            if (names.Remove(from, out var file))
                names[to] = file;
        }
    });

    public void Delete(string path) => Change("delete", _ =>
    {
        if (!_names.Remove(path))
            throw new FileNotFoundException(path);
        Pend(path, names => names.Remove(path));
        return true;
    });

    public void SyncDirectory(string path) => Change("sync directory", _ =>
    {
        foreach (var (_, change) in _pendingNames.Where(p => p.Directory == path))
            change(_durableNames);
        _pendingNames.RemoveAll(p => p.Directory == path);
        return true;
    });

    private void Pend(string path, Action<Dictionary<string, MemoryFile>> change) =>
        _pendingNames.Add((Path.GetDirectoryName(path)!, change));

    private void ThrowIfOff()
    {
        if (_off)
            throw new PowerLossException();
    }

    // Runs a numbered call; the action is told when it must do its work by halves and then fail.
    private T Change<T>(string kind, Func<bool, T> action)
    {
        lock (_lock)
        {
            ThrowIfOff();
            Trace?.Invoke(kind);
            if (Calls++ != FaultAt)
                return action(false);
            if (Fault == DiskFault.PowerLoss)
            {
                _off = true;
                throw new PowerLossException();
            }
            if (Fault == DiskFault.Half)
                action(true);
            throw new IOException($"Injected failure of call {FaultAt}, {kind}.");
        }
    }

    private void Reserve(long moreBytes)
    {
        if (moreBytes > 0 && _names.Values.Sum(f => f.Length) + moreBytes > CapacityBytes)
            throw new IOException("No space left on device.");
    }
}
