using System.Globalization;
using RxChain.Auditor.Audit;

namespace RxChain.Auditor.Cli;

/// <summary>The report for people: the same facts as the JSON.</summary>
internal static class TextReport
{
    public static void Write(TextWriter output, ReportJson report)
    {
        output.WriteLine($"{report.Result.ToUpperInvariant()}  {report.Source}");
        if (report.Finding is { } finding)
            WriteFinding(output, finding);
        if (report.Log is { } log)
            WriteLog(output, log);
        if (report.Era is { } era)
            WriteEra(output, era);
        WriteChecked(output, report.Checked, report.Seconds);
        if (report.Prescription is { } prescription)
            PrescriptionText.Write(output, prescription, Line);
        if (report.Equivocation is { } equivocation)
            WriteEquivocation(output, equivocation);
        if (report.Exported is not null)
            Line(output, "exported", report.Exported);
        for (int i = 0; i < report.NotChecked.Count; i++)
            Line(output, i == 0 ? "not checked" : "", report.NotChecked[i]);
    }

    private static void WriteFinding(TextWriter output, FindingJson finding)
    {
        Line(output, "check", finding.Check);
        if (finding.Height is { } height)
            Line(output, "height", Number(height));
        if (finding.Leaf is { } leaf)
            Line(output, "leaf", Number(leaf));
        if (finding.File is not null)
            Line(output, "file", finding.File);
        Line(output, "what", finding.Message);
    }

    private static void WriteLog(TextWriter output, LogJson log)
    {
        Line(output, "log", log.Origin);
        Line(output, "checkpoint", $"{Number(log.Size)} leaves, root {log.Root}");
        if (log.CosignedBy.Count > 0)
            Line(output, "cosigned by", string.Join(", ", log.CosignedBy));
        if (log.LedgerTime is not null)
            Line(output, "last block", $"height {Number(log.Height)}, ledger time {log.LedgerTime}");
    }

    private static void WriteEra(TextWriter output, EraInForce era)
    {
        Line(output, "validators", $"{string.Join(", ", era.Validators)}; {era.Threshold} must cosign (era {era.Number}, from {Number(era.FromSize)} leaves on)");
        if (era.Mismatch is not null)
            Line(output, "", era.Mismatch);
    }

    private static void WriteEquivocation(TextWriter output, EquivocationJson proof)
    {
        Line(output, "proved", $"{proof.Validator} contradicted itself: {proof.Contradiction}");
        Line(output, "key", $"{proof.Key}, its {proof.KeyName} in era {string.Join(", ", proof.Eras.Select(era => $"{era.Number} (from {Number(era.FromSize)} leaves on)"))}");
    }

    private static void WriteChecked(TextWriter output, CheckedJson done, double seconds)
    {
        Line(output, "checked", $"{Number(done.Leaves)} leaves, {Number(done.HashTiles)} hash tiles, {Number(done.Blocks)} blocks");
        if (done.Events > 0)
            Line(output, "", $"{Number(done.Events)} events ({Number(done.Accepted)} accepted, {Number(done.Refused)} refused), {Number(done.Signatures)} signatures, {Number(done.Statements)} statements inside events ({Number(done.TokenSignatures)} of tokens)");
        string speed = done.Events > 0 && seconds > 0 ? $", {Number((long)(done.Events / seconds))} events/s" : "";
        Line(output, "time", $"{seconds.ToString("0.0", CultureInfo.InvariantCulture)} s{speed}");
    }

    private static void Line(TextWriter output, string label, string text) => output.WriteLine($"  {label,-11}  {text}");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
