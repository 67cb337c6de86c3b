namespace RxChain.Storage;

/// <summary>
/// What storage needs of a file system. Nothing is durable before it is flushed: bytes by <see cref="IDiskFile.Flush"/>,
/// names by <see cref="SyncDirectory"/>. Every member throws <see cref="IOException"/> when the disk refuses.
/// </summary>
internal interface IDisk
{
    /// <summary>True when a file of this path exists.</summary>
    bool Exists(string path);

    /// <summary>Names, without directory, of all files and directories in a directory, in ordinal order.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Creates a directory that only its owner may enter; no effect when it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Creates an empty file that only its owner may read; throws when it exists.</summary>
    IDiskFile Create(string path);

    /// <summary>Opens an existing file.</summary>
    IDiskFile Open(string path, FileAccess access);

    /// <summary>Gives a file another name, replacing the file that had it. After a power loss: the old state or the new.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; throws when there is none.</summary>
    void Delete(string path);

    /// <summary>Makes names created, changed and deleted in a directory durable.</summary>
    void SyncDirectory(string path);
}

/// <summary>An open file. Reads and writes name their offset and may run concurrently on disjoint ranges.</summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>Length in bytes.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="destination"/> as far as the file reaches; returns the bytes read.</summary>
    int Read(long offset, Span<byte> destination);

    /// <summary>Writes all bytes, or throws having written some of them.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file, or extends it by zeros.</summary>
    void SetLength(long lengthBytes);

    /// <summary>Extends the file by zeros and reserves their blocks, so that later writes below this length cannot meet a full disk.</summary>
    void Allocate(long lengthBytes);

    /// <summary>Makes all bytes written so far durable. After a failure nothing is known about them: never try again.</summary>
    void Flush();
}

internal static class DiskExtensions
{
    /// <summary>Opens a file for reading and writing, creating it when it does not exist.</summary>
    public static IDiskFile OpenOrCreate(this IDisk disk, string path) =>
        disk.Exists(path) ? disk.Open(path, FileAccess.ReadWrite) : disk.Create(path);
}
