using System.CommandLine;
using Google.Protobuf;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Trace;

namespace RxChain.Auditor.Cli;

/// <summary><c>rxaudit trace</c>.</summary>
internal sealed class TraceCommand : SourceCommand
{
    private const int IdBytes = 16;

    private readonly Argument<string> _id = new("PRESCRIPTION-ID") { Description = "32 hexadecimal digits" };

    public TraceCommand()
        : base("trace", "Tell the whole, verified story of one prescription", needsPolicy: false)
    {
        Add(_id);
        AddCommonOptions();
    }

    protected override Finding? TryRequest(ParseResult arguments, AuditRequest common, out AuditRequest request)
    {
        request = common;
        byte[] id = new byte[IdBytes];
        string text = arguments.GetValue(_id)!;
        if (text.Length != 2 * IdBytes || Convert.FromHexString(text, id, out _, out _) != System.Buffers.OperationStatus.Done)
            return new Finding(ExitCode.Usage, "usage", "a prescription id is 32 hexadecimal digits");
        request = common with { Observer = new PrescriptionTrace(ByteString.CopyFrom(id)) };
        return null;
    }

    protected override void Complete(ParseResult arguments, ReportJson report, AuditRequest request) =>
        report.Prescription = PrescriptionJson.Of((PrescriptionTrace)request.Observer!);
}
