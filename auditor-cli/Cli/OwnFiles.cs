using RxChain.Auditor.Findings;
using RxChain.Auditor.Sources;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Cli;

/// <summary>Files that the auditor holds: one that cannot be used is a wrong command line.</summary>
internal static class OwnFiles
{
    private const int UsualMaxBytes = 1 << 20;

    /// <summary>Reads a policy; null when it could.</summary>
    public static Finding? TryReadPolicy(string path, out TlogPolicy? policy)
    {
        policy = null;
        if (TryRead(path, out byte[] bytes) is { } finding)
            return finding;
        return TlogPolicy.TryParse(bytes, out policy, out var errors)
            ? null : new Finding(ExitCode.Usage, "usage", $"no policy: {string.Join("; ", errors)}", File: path);
    }

    /// <summary>Reads any file of the auditor's own; null when it could.</summary>
    public static Finding? TryRead(string path, out byte[] bytes, int maxBytes = UsualMaxBytes)
    {
        var (read, problem) = BoundedFile.Read(path, maxBytes);
        bytes = read ?? [];
        return read is not null ? null : new Finding(ExitCode.Usage, "usage", problem?.Message ?? "there is no such file", File: path);
    }
}
