using RxChain.Auditor.Trace;
using RxChain.Prescriptions.Events;

namespace RxChain.Auditor.Cli;

/// <summary>One event of a traced prescription.</summary>
internal sealed record StepJson(
    long Leaf, long Height, string LedgerTime, string ActTime, string Act, string Organisation, string? PractitionerId,
    string Outcome, IReadOnlyList<uint> UnitsLeft)
{
    public static StepJson Of(TraceStep step) => new(
        step.Leaf, step.Height, ReportJson.Time(step.LedgerTimeMs), ReportJson.Time(step.Event.TimeMs),
        step.Event.ActCase.ToString(), step.Event.Organisation,
        step.Event.ResponsibleId.IsEmpty ? null : Convert.ToHexStringLower(step.Event.ResponsibleId.Span),
        step.Outcome.ToString(), step.UnitsLeft);
}

/// <summary>A traced prescription. <see cref="Complete"/>: chain and count of the state prove that no event is missing.</summary>
internal sealed record PrescriptionJson(
    string Status, string? Issuer, string? Holder, bool Complete, int Events, int Refused, IReadOnlyList<StepJson> Steps)
{
    public static PrescriptionJson Of(PrescriptionTrace trace) => new(
        trace.Final is null ? "NotOnTheLedger" : trace.Status.ToString(),
        NullIfEmpty(trace.Final?.Issuer), NullIfEmpty(trace.Final?.Holder), trace.IsComplete,
        trace.Steps.Count, trace.Steps.Count(s => s.Outcome != Outcome.Accepted), [.. trace.Steps.Select(StepJson.Of)]);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
