using RxChain.Auditor.Findings;
using RxChain.Auditor.Sources;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Audit;

/// <summary>The checkpoint of a run and what the policy says of it.</summary>
/// <param name="Checkpoint">The checkpoint, when it can be read.</param>
/// <param name="CosignedBy">Names of the policy's witnesses whose cosignatures verify.</param>
/// <param name="Finding">Why it does not do.</param>
internal sealed record CheckpointCheck(SignedCheckpoint? Checkpoint, IReadOnlyList<string> CosignedBy, Finding? Finding)
{
    /// <summary>Reads the checkpoint and judges it by the policy and the trusted checkpoint.</summary>
    public static CheckpointCheck Read(ILogSource source, AuditRequest request)
    {
        if (request.Checkpoint is { } given)
            return Judge(given, request, source.Name);
        var read = source.ReadCheckpoint();
        if (read.Problem is not null)
            return new CheckpointCheck(null, [], read.Problem);
        if (!SignedCheckpoint.TryParse(read.Bytes.Span, out var checkpoint, out string? error))
            return new CheckpointCheck(null, [], Finding.Tampered("checkpoint", error, file: read.Where));
        return Judge(checkpoint, request, read.Where);
    }

    private static CheckpointCheck Judge(SignedCheckpoint checkpoint, AuditRequest request, string where)
    {
        var verdict = request.Policy?.Evaluate(checkpoint);
        var finding = PolicyFinding(verdict, where)
            ?? (checkpoint.Checkpoint.Size == 0 ? Finding.Tampered("checkpoint", "a ledger has at least its genesis", file: where) : null)
            ?? TrustedFinding(checkpoint.Checkpoint, request.Trusted, where);
        return new CheckpointCheck(checkpoint, verdict?.Cosignatures.Select(s => s.Key.Name).ToArray() ?? [], finding);
    }

    private static Finding? PolicyFinding(PolicyVerdict? verdict, string where) => verdict switch
    {
        null or { IsSatisfied: true } => null,
        { Outcome: PolicyOutcome.BadSignature } => Finding.Tampered("checkpoint", verdict.Reason!, file: where),
        _ => new Finding(ExitCode.PolicyNotMet, "policy", verdict.Reason!, File: where),
    };

    private static Finding? TrustedFinding(Checkpoint shown, Checkpoint? trusted, string where)
    {
        if (trusted is null)
            return null;
        if (shown.Origin != trusted.Origin)
            return Finding.Tampered("consistency", $"it is of {shown.Origin}, the checkpoint you trust of {trusted.Origin}", file: where);
        return shown.Size < trusted.Size
            ? Finding.Tampered("consistency", $"it covers {shown.Size} leaves, fewer than the {trusted.Size} of the checkpoint you trust: history was cut off", file: where)
            : null;
    }
}
