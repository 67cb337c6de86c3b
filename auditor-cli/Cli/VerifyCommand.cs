using System.CommandLine;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Cli;

/// <summary><c>rxaudit verify</c>.</summary>
internal sealed class VerifyCommand : SourceCommand
{
    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "A checkpoint that you trust: the log must extend it",
        HelpName = "FILE",
    };

    private readonly Option<bool> _since = new("--since-checkpoint")
    {
        Description = "Do not verify again the signatures that the trusted checkpoint covers; everything is still replayed",
    };

    private readonly Option<bool> _hashesOnly = new("--hashes-only")
    {
        Description = "Check hashes, tiles and checkpoint only, without replaying the events",
    };

    private readonly Option<string?> _policyOut = new("--policy-out")
    {
        Description = "A new file for the quorum in force after the last block, which the verified log tells: your next policy after a vote",
        HelpName = "FILE",
    };

    public VerifyCommand()
        : base("verify", "Recompute everything: hashes, checkpoint, signatures, outcomes, state", needsPolicy: true)
    {
        Add(_checkpoint);
        Add(_since);
        Add(_hashesOnly);
        Add(_policyOut);
        AddCommonOptions();
    }

    protected override Finding? TryRequest(ParseResult arguments, AuditRequest common, out AuditRequest request)
    {
        request = common with
        {
            HashesOnly = arguments.GetValue(_hashesOnly),
            SinceTrusted = arguments.GetValue(_since),
        };
        if (arguments.GetValue(_policyOut) is { } target && PolicyOutFault(target, request) is { } fault)
            return new Finding(ExitCode.Usage, "usage", $"--policy-out {fault}", File: target);
        if (arguments.GetValue(_checkpoint) is not { } path)
            return request.SinceTrusted ? new Finding(ExitCode.Usage, "usage", "--since-checkpoint needs --checkpoint") : null;
        if (OwnFiles.TryRead(path, out byte[] bytes) is { } finding)
            return finding;
        if (!SignedCheckpoint.TryParse(bytes, out var trusted, out string? error))
            return new Finding(ExitCode.Usage, "usage", $"no checkpoint: {error}", File: path);
        request = request with { Trusted = trusted.Checkpoint };
        return null;
    }
    private static string? PolicyOutFault(string target, AuditRequest request)
    {
        if (request.HashesOnly)
            return "needs the events: not with --hashes-only";
        if (File.Exists(target))
            return "never replaces a file";
        return Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(target))) ? null : "needs a directory that is there";
    }

    protected override void Complete(ParseResult arguments, ReportJson report, AuditRequest request)
    {
        if (arguments.GetValue(_policyOut) is { } target)
            File.WriteAllText(target, report.Era!.Policy);
    }
}
