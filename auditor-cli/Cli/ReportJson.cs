using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;

namespace RxChain.Auditor.Cli;

/// <summary>The report as <c>--json</c> prints it. Fields are only ever added; absent ones are null.</summary>
internal sealed record ReportJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The command: verify, trace, export or evidence verify.</summary>
    public required string Command { get; init; }

    /// <summary>verified, tampered, usage, policy-not-met or cannot-evaluate.</summary>
    public required string Result { get; init; }

    /// <summary>The process's exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What was named on the command line.</summary>
    public required string Source { get; init; }

    /// <summary>The log, once its checkpoint was read.</summary>
    public LogJson? Log { get; init; }

    /// <summary>Who validates at the end, when the log was replayed.</summary>
    public EraInForce? Era { get; init; }

    /// <summary>How far the run came.</summary>
    public required CheckedJson Checked { get; init; }

    /// <summary>The first thing that is wrong.</summary>
    public FindingJson? Finding { get; init; }

    /// <summary>What the run says nothing about.</summary>
    public required IReadOnlyList<string> NotChecked { get; init; }

    /// <summary>Seconds taken.</summary>
    public required double Seconds { get; init; }

    /// <summary>By trace.</summary>
    public PrescriptionJson? Prescription { get; set; }

    /// <summary>By export: the directory written.</summary>
    public string? Exported { get; set; }

    /// <summary>By evidence verify.</summary>
    public EquivocationJson? Equivocation { get; set; }

    /// <summary>The report of a run.</summary>
    public static ReportJson Of(string command, AuditReport report) => new()
    {
        Command = command,
        Result = Word(report.Exit),
        ExitCode = (int)report.Exit,
        Source = report.Source,
        Log = report.Origin is null ? null : LogJson.Of(report),
        Era = report.Era,
        Checked = CheckedJson.Of(report.Counts),
        Finding = report.Finding is { } f ? new FindingJson(f.Check, f.Height, f.Leaf, f.File, f.Message) : null,
        NotChecked = report.NotChecked,
        Seconds = Math.Round(report.Elapsed.TotalSeconds, 3),
    };

    /// <summary>How a run ended, in a word.</summary>
    public static string Word(Findings.ExitCode exit) => exit switch
    {
        Findings.ExitCode.Verified => "verified",
        Findings.ExitCode.Tampered => "tampered",
        Findings.ExitCode.Usage => "usage",
        Findings.ExitCode.PolicyNotMet => "policy-not-met",
        _ => "cannot-evaluate",
    };

    /// <summary>The JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>A time of the ledger as RFC 3339 in UTC.</summary>
    public static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The log as its checkpoint has it, and the last block verified (height -1: none).</summary>
internal sealed record LogJson(
    string Origin, long Size, string Root, IReadOnlyList<string> CosignedBy, long Height, string? LedgerTime)
{
    public static LogJson Of(AuditReport report) => new(
        report.Origin!, report.Size, report.Root.ToBase64(), report.CosignedBy, report.Counts.LastHeight,
        report.Counts.LastHeight < 0 ? null : ReportJson.Time(report.Counts.LastLedgerTimeMs));
}

/// <summary>What was counted. Statements: what patients' tokens and payers said inside events, and signed well; token
/// signatures: those of tokens among them.</summary>
internal sealed record CheckedJson(
    long Leaves, long HashTiles, long Blocks, long Events, long Accepted, long Refused, long Signatures, long Statements,
    long TokenSignatures)
{
    public static CheckedJson Of(AuditCounts counts) => new(
        counts.Leaves, counts.HashTiles, counts.Blocks, counts.Events, counts.Accepted, counts.Events - counts.Accepted,
        counts.Signatures, counts.Statements, counts.TokenSignatures);
}

/// <summary>What is wrong and where.</summary>
internal sealed record FindingJson(string Check, long? Height, long? Leaf, string? File, string Message);
