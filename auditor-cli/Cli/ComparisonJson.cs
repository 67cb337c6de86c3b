using System.Text.Json;
using RxChain.Auditor.Audit;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Cli;

/// <summary>A comparison as <c>--json</c> prints it. Fields are only ever added; absent ones are null.</summary>
internal sealed record ComparisonJson(
    string Command, string Result, int ExitCode, IReadOnlyList<CopyJson> Copies, FindingJson? Finding, ForkJson? Fork)
{
    public static ComparisonJson Of(ComparisonReport report) => new(
        "compare", ReportJson.Word(report.Exit), (int)report.Exit, [.. report.Copies.Select(CopyJson.Of)],
        report.Finding is { } f ? new FindingJson(f.Check, f.Height, f.Leaf, f.File, f.Message) : null,
        report.Fork is { } fork ? new ForkJson(fork.Leaf, CopyJson.Of(fork.Shorter), CopyJson.Of(fork.Longer)) : null);

    /// <summary>The JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);
}

/// <summary>One copy; its checkpoint is the whole signed note.</summary>
internal sealed record CopyJson(string Source, long Size, string Root, string Checkpoint)
{
    public static CopyJson Of(ComparedCopy copy)
    {
        var head = copy.Checkpoint.Checkpoint;
        return new CopyJson(copy.Source, head.Size, head.Root.ToBase64(), copy.Checkpoint.Note.ToString()!);
    }
}

/// <summary>Where two copies part.</summary>
internal sealed record ForkJson(long Leaf, CopyJson One, CopyJson Other);
