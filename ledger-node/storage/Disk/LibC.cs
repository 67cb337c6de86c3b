using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RxChain.Storage;

/// <summary>
/// The calls of POSIX that .NET does not offer. Elsewhere than on Linux: nearest thing there is, good enough to develop on.
/// </summary>
internal static partial class LibC
{
    private const int OpenReadOnly = 0;
    private const int OpenDirectoryCloseOnExec = 0x10000 | 0x80000;

    /// <summary>Durable bytes (and length, if needed to read them), but not the times of the file.</summary>
    public static void FlushData(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
        else if (DataSync(file) != 0)
            throw Failure("fdatasync");
    }

    /// <summary>Reserves blocks for the first <paramref name="lengthBytes"/> bytes and extends the file to them.</summary>
    public static void Allocate(SafeFileHandle file, long lengthBytes)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.SetLength(file, lengthBytes);
        else if (PosixAllocate(file, 0, lengthBytes) is var error and not 0)
            throw new IOException($"Cannot reserve {lengthBytes} bytes: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    /// <summary>Makes the names in a directory durable.</summary>
    public static void SyncDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        int descriptor = OpenFile(path, OpenReadOnly | OpenDirectoryCloseOnExec);
        if (descriptor < 0)
            throw Failure($"open {path}");
        int result = Sync(descriptor);
        var failure = result == 0 ? null : Failure($"fsync {path}");
        _ = CloseFile(descriptor);
        if (failure is not null)
            throw failure;
    }

    private static IOException Failure(string call) => new($"{call}: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int PosixAllocate(SafeFileHandle file, long offset, long length);
}
