namespace RxChain.Storage;

/// <summary>Files that hold secrets: nobody but their owner may read them.</summary>
public static class SecretFile
{
    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>
    /// Writes a new file of mode 0600, durable and complete when this returns. Never overwrites: a lost key cannot be made again.
    /// </summary>
    /// <exception cref="IOException">The file exists, or the disk refused.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string target = Path.GetFullPath(path), unfinished = target + ".new";
        if (File.Exists(target))
            throw new IOException($"{target} exists already and is not overwritten.");
        File.Delete(unfinished);
        using (var file = FileDisk.Instance.Create(unfinished))
        {
            file.Write(0, bytes);
            file.Flush();
        }
        File.Move(unfinished, target, overwrite: false);
        FileDisk.Instance.SyncDirectory(Path.GetDirectoryName(target)!);
    }

    /// <summary>Reads a secret.</summary>
    /// <exception cref="UnauthorizedAccessException">Group or others have any right to the file.</exception>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    public static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle) is var mode && (mode & OthersMay) != 0)
        {
            throw new UnauthorizedAccessException(
                $"{path} holds a secret, but its mode is {Convert.ToString((int)mode, 8)}: others may use it. Run: chmod 600 {path}");
        }
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
