using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Tls;

/// <summary>The table of rpcs and roles in docs/SECURITY.md.</summary>
internal static class Page
{
    /// <summary>By rpc.</summary>
    public static IReadOnlyDictionary<string, string[]> Roles { get; } = File.ReadAllLines(Path.Combine(Programs.Repository, "docs", "SECURITY.md"))
        .SkipWhile(line => line != "| Rpc | Roles |").Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .SelectMany(cells => cells[1].Split(", ").Select(rpc => (Rpc: rpc.Trim('`'), Roles: cells[2].Split(", "))))
        .ToDictionary(row => row.Rpc, row => row.Roles);
}
