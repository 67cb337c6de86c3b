using Microsoft.Win32.SafeHandles;

namespace RxChain.Storage;

/// <summary>The machine's own file system.</summary>
internal sealed class FileDisk : IDisk
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnlyFile | UnixFileMode.UserExecute;

    public static FileDisk Instance { get; } = new();

    private FileDisk()
    {
    }

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> List(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    public void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnlyDirectory);
    }

    public IDiskFile Create(string path) => new OpenFile(path, FileMode.CreateNew, FileAccess.ReadWrite);

    public IDiskFile Open(string path, FileAccess access) => new OpenFile(path, FileMode.Open, access);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void SyncDirectory(string path) => LibC.SyncDirectory(path);

    private sealed class OpenFile : IDiskFile
    {
        private readonly FileStream _stream;
        private readonly SafeFileHandle _handle;

        public OpenFile(string path, FileMode mode, FileAccess access)
        {
            var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.ReadWrite, BufferSize = 0 };
            if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnlyFile;
            _stream = new FileStream(path, options);
            _handle = _stream.SafeFileHandle;
        }

        public long Length => RandomAccess.GetLength(_handle);

        public int Read(long offset, Span<byte> destination)
        {
            int total = 0;
            while (total < destination.Length)
            {
                int read = RandomAccess.Read(_handle, destination[total..], offset + total);
                if (read == 0)
                    break;
                total += read;
            }
            return total;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, offset);

        public void SetLength(long lengthBytes) => RandomAccess.SetLength(_handle, lengthBytes);

        public void Allocate(long lengthBytes) => LibC.Allocate(_handle, lengthBytes);

        public void Flush() => LibC.FlushData(_handle);

        public void Dispose() => _stream.Dispose();
    }
}
