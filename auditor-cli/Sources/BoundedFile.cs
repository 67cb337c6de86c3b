using RxChain.Auditor.Findings;

namespace RxChain.Auditor.Sources;

/// <summary>Reads whole files from outside without believing their lengths.</summary>
internal static class BoundedFile
{
    /// <summary>All bytes of a file; null bytes and no problem when there is none.</summary>
    public static (byte[]? Bytes, Finding? Problem) Read(string path, int maxBytes)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            if (file.Length > maxBytes)
                return (null, Finding.Tampered("grammar", $"{file.Length} bytes; it can have at most {maxBytes}", file: path));
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return (bytes, null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return (null, Finding.CannotEvaluate("missing", $"cannot be read: {e.Message}", file: path));
        }
    }
}
