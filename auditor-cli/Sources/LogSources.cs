using System.Diagnostics.CodeAnalysis;
using RxChain.Auditor.Findings;

namespace RxChain.Auditor.Sources;

/// <summary>Finds out what kind of source was named.</summary>
internal static class LogSources
{
    /// <summary>Opens a data directory, a tile directory or a live node.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="client">Who asks a live node under TLS; null in plaintext.</param>
    /// <param name="source">What was opened.</param>
    /// <param name="problem">Why nothing was.</param>
    public static bool TryOpen(
        string name, ClientFiles? client, [NotNullWhen(true)] out ILogSource? source, [NotNullWhen(false)] out Finding? problem)
    {
        source = null;
        problem = null;
        if (name.Contains("://", StringComparison.Ordinal))
            problem = TryOpenServer(name, client, out source);
        else if (NodeDirectory.IsOne(name))
            source = new NodeDirectory(name);
        else if (Directory.Exists(name))
            source = new TileDirectory(name);
        else
            problem = Finding.CannotEvaluate("missing", "there is no such directory", file: name);
        return problem is null;
    }

    private static Finding? TryOpenServer(string name, ClientFiles? client, out ILogSource? source)
    {
        source = null;
        if (!Uri.TryCreate(name, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            return Wrong($"{name}: a live node is https://ADDRESS:PORT, or http://127.0.0.1:PORT (plaintext is for loopback only)");
        if ((address.Scheme == Uri.UriSchemeHttps) != client is not null)
            return Wrong($"{name}: https:// needs --cert, --key and --ca, and http:// takes none of them");
        if (client is null)
            source = new TileServer(address, null);
        else if (client.TryRead(out var tls) is { } fault)
            return Wrong(fault);
        else
            source = new TileServer(address, tls);
        return null;
    }

    private static Finding Wrong(string message) => new(ExitCode.Usage, "usage", message);
}
