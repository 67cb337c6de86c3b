using Google.Protobuf;
using RxChain.Auditor.Trace;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Auditor.Cli;

/// <summary>One event of a traced prescription, and how it stood after it.</summary>
internal sealed record StepJson(
    long Leaf, long Height, string LedgerTime, string ActTime, string Act, string Organisation, string Role,
    string? PractitionerId, string? AuthorId, string EventId, string Outcome, string Detail, IReadOnlyList<string> Marks,
    string Status, IReadOnlyList<uint> UnitsLeft)
{
    public static StepJson Of(TraceStep step) => new(
        step.Leaf, step.Height, ReportJson.Time(step.LedgerTimeMs), ReportJson.Time(step.Event.TimeMs),
        step.Event.ActCase.ToString(), step.Event.Organisation, step.Event.Role.ToString(),
        HexJson.OrNull(step.Event.ResponsibleId), HexJson.OrNull(step.Event.AuthorId), step.EventId, step.Outcome.ToString(),
        step.Detail, MarksOf(step.Marks), step.Status.ToString(), step.UnitsLeft);

    private static string[] MarksOf(Marks marks) =>
        [.. Enum.GetValues<Marks>().Where(mark => mark != default && marks.HasFlag(mark)).Select(mark => mark.ToString())];
}

/// <summary>What was handed over, and what became of it.</summary>
internal sealed record SupplyJson(
    string EventId, string Dispenser, string? Payer, string Recorded, string HandedOver, bool Late, bool Settled,
    bool RecoveryDue, IReadOnlyList<SuppliedItemJson> Items)
{
    public static SupplyJson Of(Supply supply) => new(
        HexJson.Of(supply.EventId), supply.Dispenser, supply.Payer.Length > 0 ? supply.Payer : null,
        ReportJson.Time(supply.RecordedMs), ReportJson.Time(supply.HandedOverMs), supply.Late, supply.Settled, supply.RecoveryDue,
        [.. supply.Items.Select(item => new SuppliedItemJson(item.Line, item.Units, item.ExcessUnits, item.Packs.Count, item.Reversed))]);
}

/// <summary>One item of a supply: units that count against the line, and units beyond.</summary>
internal sealed record SuppliedItemJson(uint Line, uint Units, uint ExcessUnits, int Packs, bool Reversed);

/// <summary>A hold in force.</summary>
internal sealed record HoldJson(string Regulator, uint ReasonCode, string Until);

/// <summary>An open dispute.</summary>
internal sealed record DisputeJson(string DisputeId, string Organisation, bool ByPatient, string EventId, string Until);

/// <summary>A consent in force.</summary>
internal sealed record ConsentJson(string Grantee, uint PurposeCode, string Until);

/// <summary>A traced prescription. <see cref="Complete"/>: chain and count of the state prove that no event is missing.</summary>
internal sealed record PrescriptionJson(
    string Status, string? Issuer, string? Holder, bool Complete, int Events, int Refused, IReadOnlyList<StepJson> Steps)
{
    /// <summary>Units left on each line.</summary>
    public required IReadOnlyList<uint> UnitsLeft { get; init; }

    public required IReadOnlyList<SupplyJson> Supplies { get; init; }

    public HoldJson? Hold { get; init; }

    public required IReadOnlyList<DisputeJson> Disputes { get; init; }

    public required IReadOnlyList<ConsentJson> Consents { get; init; }

    public bool Erased { get; init; }

    /// <summary>The prescription that replaces this one.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>The prescription that covers this emergency supply.</summary>
    public string? CoveredBy { get; init; }

    public static PrescriptionJson Of(PrescriptionTrace trace)
    {
        var final = trace.Final ?? new Prescription();
        string? holder = trace.Status == PrescriptionStatus.Claimed ? final.Holder : null;
        string status = trace.Final is null ? "NotOnTheLedger" : trace.Status.ToString();
        return new PrescriptionJson(
            status, final.Issuer.Length > 0 ? final.Issuer : null, holder, trace.IsComplete, trace.Steps.Count,
            trace.Steps.Count(s => s.Outcome != Outcome.Accepted), [.. trace.Steps.Select(StepJson.Of)])
        {
            UnitsLeft = [.. final.Lines.Select(line => line.Remaining)],
            Supplies = [.. final.Supplies.Select(SupplyJson.Of)],
            Hold = final.Hold is { } hold && hold.UntilMs > trace.NowMs
                ? new HoldJson(hold.Regulator, hold.ReasonCode, ReportJson.Time(hold.UntilMs))
                : null,
            Disputes = [.. final.Disputes.Where(d => d.UntilMs > trace.NowMs).Select(d => new DisputeJson(
                HexJson.Of(d.DisputeId), d.Organisation, d.ByPatient, HexJson.Of(d.EventId), ReportJson.Time(d.UntilMs)))],
            Consents = [.. final.Consents.Where(c => c.UntilMs > trace.NowMs).Select(c => new ConsentJson(
                c.Grantee, c.PurposeCode, ReportJson.Time(c.UntilMs)))],
            Erased = final.Erased,
            ReplacedBy = HexJson.OrNull(final.ReplacedBy),
            CoveredBy = HexJson.OrNull(final.CoveredBy),
        };
    }
}

/// <summary>Ids as text.</summary>
internal static class HexJson
{
    public static string Of(ByteString id) => Convert.ToHexStringLower(id.Span);

    public static string? OrNull(ByteString id) => id.IsEmpty ? null : Of(id);
}
