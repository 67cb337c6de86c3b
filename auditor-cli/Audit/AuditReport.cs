using RxChain.Auditor.Findings;
using RxChain.Ledger;

namespace RxChain.Auditor.Audit;

/// <summary>What was counted on the way.</summary>
internal sealed record AuditCounts
{
    public long Leaves { get; set; }
    public long Blocks { get; set; }
    public long Events { get; set; }
    public long Accepted { get; set; }
    public long Signatures { get; set; }
    public long Statements { get; set; }
    public long TokenSignatures { get; set; }
    public long SkippedDuplicates { get; set; }
    public long HashTiles { get; set; }
    public long LastLedgerTimeMs { get; set; }
    public long LastHeight { get; set; } = -1;
}

/// <summary>What a run found.</summary>
/// <param name="Source">What was named.</param>
/// <param name="Finding">Null when verified.</param>
/// <param name="Counts">How far it came.</param>
/// <param name="NotChecked">What this run says nothing about.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record AuditReport(
    string Source, Finding? Finding, AuditCounts Counts, IReadOnlyList<string> NotChecked, TimeSpan Elapsed)
{
    /// <summary>Origin of the log, once its checkpoint was read.</summary>
    public string? Origin { get; init; }

    /// <summary>Leaves that the checkpoint covers.</summary>
    public long Size { get; init; }

    /// <summary>Their root as the checkpoint has it.</summary>
    public Hash32 Root { get; init; }

    /// <summary>Names of the witnesses of the policy that cosigned the checkpoint.</summary>
    public IReadOnlyList<string> CosignedBy { get; init; } = [];

    /// <summary>Who validates at the end; null when that was not replayed.</summary>
    public EraInForce? Era { get; init; }

    /// <summary>How the run ends.</summary>
    public ExitCode Exit => Finding?.Exit ?? ExitCode.Verified;
}
