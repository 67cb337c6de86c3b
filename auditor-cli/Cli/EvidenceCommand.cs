using System.CommandLine;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Ledger.Evidence;

namespace RxChain.Auditor.Cli;

/// <summary><c>rxaudit evidence</c>.</summary>
internal sealed class EvidenceCommand : Command
{
    public EvidenceCommand()
        : base("evidence", "What a ledger proves against somebody") => Add(new EvidenceVerifyCommand());
}

/// <summary><c>rxaudit evidence verify</c>.</summary>
internal sealed class EvidenceVerifyCommand : SourceCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "An equivocation proof, as rxnode evidence writes it" };

    public EvidenceVerifyCommand()
        : base("verify", "Check a proof that a validator contradicted itself, and by a ledger, verified in full, that the key was that validator's", needsPolicy: true, sourceOption: "--ledger")
    {
        Add(_file);
        AddCommonOptions();
    }

    protected override string Title => "evidence verify";

    protected override Finding? TryRequest(ParseResult arguments, AuditRequest common, out AuditRequest request)
    {
        request = common;
        string file = arguments.GetValue(_file)!;
        if (OwnFiles.TryRead(file, out byte[] bytes, EquivocationProof.MaxBytes) is { } finding)
            return finding;
        if (!EquivocationProof.TryParse(bytes, out var proof))
            return Finding.Tampered("equivocation", "it does not follow the grammar of an equivocation proof", file: file);
        request = common with { Observer = new EquivocationAudit(proof, file) };
        return null;
    }

    protected override void Complete(ParseResult arguments, ReportJson report, AuditRequest request) =>
        report.Equivocation = EquivocationJson.Of((EquivocationAudit)request.Observer!);
}
