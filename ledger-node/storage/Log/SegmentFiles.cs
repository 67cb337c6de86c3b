using System.Globalization;
using RxChain.Engine.Ports;

namespace RxChain.Storage;

/// <summary>The segment files of a log directory: <c>00000000.seg</c>, <c>00000001.seg</c> …</summary>
internal sealed class SegmentFiles(IDisk disk, string directory)
{
    private const string Extension = ".seg";
    private const string NewExtension = ".new";

    /// <summary>Path of a segment.</summary>
    public string PathOf(int ordinal) =>
        Path.Combine(directory, ordinal.ToString("D8", CultureInfo.InvariantCulture) + Extension);

    public IDiskFile Open(int ordinal, FileAccess access) => disk.Open(PathOf(ordinal), access);

    /// <summary>Creates a segment with all its blocks reserved. It appears under its name only when it is durable.</summary>
    public IDiskFile Create(in SegmentHeader header)
    {
        string path = PathOf(header.Ordinal);
        var file = disk.Create(path + NewExtension);
        try
        {
            file.Allocate(header.CapacityBytes);
            file.Write(0, header.ToArray());
            file.Flush();
            disk.Rename(path + NewExtension, path);
            disk.SyncDirectory(directory);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Removes what a creation left that never ended.</summary>
    public void DeleteUnfinished()
    {
        foreach (string name in disk.List(directory).Where(n => n.EndsWith(Extension + NewExtension, StringComparison.Ordinal)))
            disk.Delete(Path.Combine(directory, name));
    }

    /// <summary>
    /// The headers of all segments in order. Throws <see cref="CorruptLogException"/> when one is missing, damaged, of another
    /// length than it says, or does not belong here.
    /// </summary>
    public List<SegmentHeader> ReadHeaders()
    {
        var headers = new List<SegmentHeader>();
        foreach (string name in disk.List(directory).Where(n => n != LogPaths.DurableMarkName))
        {
            string expected = PathOf(headers.Count);
            if (name != Path.GetFileName(expected))
                throw new CorruptLogException(NameProblem(name, expected));
            headers.Add(ReadHeader(headers.Count));
        }
        return headers;
    }

    /// <summary>The header of one segment; throws <see cref="CorruptLogException"/> as above.</summary>
    public SegmentHeader ReadHeader(int ordinal)
    {
        if (!disk.Exists(PathOf(ordinal)))
            throw new CorruptLogException($"{PathOf(ordinal)} is missing. {LogAdvice.Restore}");
        using var file = Open(ordinal, FileAccess.Read);
        byte[] bytes = new byte[SegmentHeader.SizeBytes];
        if (file.Read(0, bytes) != bytes.Length || !SegmentHeader.TryParse(bytes, out var header))
            throw new CorruptLogException($"{PathOf(ordinal)}: its header (offset 0) is damaged or of another program. {LogAdvice.Restore}");
        if (header.Ordinal != ordinal)
            throw new CorruptLogException($"{PathOf(ordinal)}: it is segment {header.Ordinal} by its header: files were renamed or mixed up. {LogAdvice.Restore}");
        if (file.Length != header.CapacityBytes)
            throw new CorruptLogException($"{PathOf(ordinal)}: it has {file.Length} bytes, its header says {header.CapacityBytes}. {LogAdvice.Restore}");
        return header;
    }

    private static string NameProblem(string name, string expected)
    {
        bool isSegment = name.Length == 8 + Extension.Length && name.EndsWith(Extension, StringComparison.Ordinal)
            && name[..8].All(char.IsAsciiDigit);
        return isSegment
            ? $"{expected} is missing, but {name} is there. {LogAdvice.Restore}"
            : $"{Path.Combine(Path.GetDirectoryName(expected)!, name)} is not a file of this log. Move it away.";
    }
}

/// <summary>What an operator can do about a log that cannot be trusted.</summary>
internal static class LogAdvice
{
    public const string Restore =
        "Nothing was changed. Keep this directory as evidence, and restore the log from a backup or copy it from a peer into a new one.";
}
