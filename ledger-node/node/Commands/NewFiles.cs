namespace RxChain.Node.Commands;

/// <summary>Files that a command makes. None is ever overwritten: keys, a genesis or a log cannot be made again.</summary>
internal static class NewFiles
{
    /// <summary>Checks before anything is made, so that a refused command has changed nothing.</summary>
    /// <exception cref="IOException">One of them exists; the message names it and gives the advice.</exception>
    public static void RequireNone(string advice, params IEnumerable<string> paths)
    {
        if (paths.FirstOrDefault(Path.Exists) is { } existing)
            throw new IOException($"{Path.GetFullPath(existing)} exists already and is not overwritten. {advice}");
    }

    /// <summary>Writes a file that must not exist.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(bytes);
    }
}
