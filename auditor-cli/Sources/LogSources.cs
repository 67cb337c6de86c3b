using System.Diagnostics.CodeAnalysis;
using RxChain.Auditor.Findings;

namespace RxChain.Auditor.Sources;

/// <summary>Finds out what kind of source was named.</summary>
internal static class LogSources
{
    /// <summary>Opens a data directory, a tile directory or a live node.</summary>
    public static bool TryOpen(
        string name, [NotNullWhen(true)] out ILogSource? source, [NotNullWhen(false)] out Finding? problem)
    {
        source = null;
        problem = null;
        if (name.Contains("://", StringComparison.Ordinal))
            problem = TryOpenServer(name, out source);
        else if (NodeDirectory.IsOne(name))
            source = new NodeDirectory(name);
        else if (Directory.Exists(name))
            source = new TileDirectory(name);
        else
            problem = Finding.CannotEvaluate("missing", "there is no such directory", file: name);
        return problem is null;
    }

    private static Finding? TryOpenServer(string name, out ILogSource? source)
    {
        source = null;
        if (!Uri.TryCreate(name, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp || !address.IsLoopback)
            return new Finding(ExitCode.Usage, "usage", $"{name}: a live node is http://127.0.0.1:PORT (plaintext is for loopback only)");
        source = new TileServer(address);
        return null;
    }
}
