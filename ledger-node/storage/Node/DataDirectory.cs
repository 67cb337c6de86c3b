using System.Globalization;

namespace RxChain.Storage;

/// <summary>
/// A node's directory, locked for this process while it is open. Its layout:
/// <code>
/// log/       the truth: segments of leaves, and the mark of what is durable
/// tiles/     leaf index and hash tiles, derived from the log
/// state.db   buckets of the state map, derived from the log
/// cosigned   the largest head this node's cosigner key ever signed; never in a backup
/// checkpoint, eras/  final checkpoints: the last, and the one that ended each era
/// signatures.db  others' cosignatures, equivocation proofs, and why this node halted
/// keys/      private keys; never in a backup
/// lock, pid  held by the process that has the directory open
/// </code>
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataDirectory(string root, FileStream heldLock)
    {
        Root = root;
        _lock = heldLock;
    }

    /// <summary>Full path of the directory.</summary>
    public string Root { get; }

    /// <summary>Where the state store's database is.</summary>
    public string StateFile => Path.Combine(Root, "state.db");

    /// <summary>Where the last cosigned head is.</summary>
    public string CosignedFile => Path.Combine(Root, "cosigned");

    /// <summary>Where private keys are; read and write them by <see cref="SecretFile"/>.</summary>
    public string KeysDirectory => KeysIn(Root);

    /// <summary>Where private keys are in a data directory that is not open here.</summary>
    public static string KeysIn(string root) => Path.Combine(Path.GetFullPath(root), "keys");

    /// <summary>
    /// Opens a node's directory, creating it when there is none, and keeps other processes out until it is disposed.
    /// Takes it from group and others: mode 0700.
    /// </summary>
    /// <exception cref="IOException">Another process has it open, or the disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    public static DataDirectory Open(string path)
    {
        string root = Path.GetFullPath(path);
        FileDisk.Instance.CreateDirectory(root);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(root) != OwnerOnly)
            File.SetUnixFileMode(root, OwnerOnly);
        var heldLock = TakeLock(root);
        try
        {
            File.WriteAllText(PidFile(root), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            var directory = new DataDirectory(root, heldLock);
            FileDisk.Instance.CreateDirectory(directory.KeysDirectory);
            return directory;
        }
        catch
        {
            heldLock.Dispose();
            throw;
        }
    }

    /// <summary>Lets other processes in.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream TakeLock(string root)
    {
        string path = Path.Combine(root, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException(
                $"{root} is open in another process{Holder(root)}. Two nodes on one directory would destroy it: stop that one first.", e);
        }
    }

    private static string Holder(string root)
    {
        string path = PidFile(root);
        return File.Exists(path) ? $", pid {File.ReadAllText(path)}" : "";
    }

    // Not in the lock file itself: nobody else can open that.
    private static string PidFile(string root) => Path.Combine(root, "pid");
}
