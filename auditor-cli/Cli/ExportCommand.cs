using System.CommandLine;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Export;
using RxChain.Auditor.Findings;

namespace RxChain.Auditor.Cli;

/// <summary><c>rxaudit export</c>.</summary>
internal sealed class ExportCommand : SourceCommand
{
    private readonly Option<string> _out = new("--out")
    {
        Description = "Tile directory to write; an older export of the same log is extended",
        HelpName = "TILES",
        Required = true,
    };

    public ExportCommand()
        : base("export", "Write a tile directory (C2SP tlog-tiles) that other people's tools read, verified on the way", needsPolicy: false)
    {
        Add(_out);
        AddCommonOptions();
    }

    protected override Finding? TryRequest(ParseResult arguments, AuditRequest common, out AuditRequest request)
    {
        var export = new TileExport(arguments.GetValue(_out)!);
        var finding = export.TryReadOld(out var old);
        request = common with { Observer = export, Trusted = old };
        return finding;
    }

    protected override void Complete(ParseResult arguments, ReportJson report, AuditRequest request) =>
        report.Exported = ((TileExport)request.Observer!).Target;
}
