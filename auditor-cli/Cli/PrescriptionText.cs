namespace RxChain.Auditor.Cli;

/// <summary>A traced prescription for people.</summary>
internal static class PrescriptionText
{
    /// <summary>Writes it; <paramref name="line"/> writes a label and a text.</summary>
    public static void Write(TextWriter output, PrescriptionJson prescription, Action<TextWriter, string, string> line)
    {
        line(output, "status", prescription.Status + (prescription.Holder is null ? "" : $", held by {prescription.Holder}"));
        if (prescription.Issuer is not null)
            line(output, "issued by", prescription.Issuer);
        if (prescription.ReplacedBy is not null)
            line(output, "replaced by", prescription.ReplacedBy);
        if (prescription.CoveredBy is not null)
            line(output, "covered by", prescription.CoveredBy);
        foreach (var supply in prescription.Supplies)
            line(output, "supplied", Text(supply));
        if (prescription.Hold is { } hold)
            line(output, "held", $"by {hold.Regulator} until {hold.Until}, reason {hold.ReasonCode}");
        foreach (var dispute in prescription.Disputes)
            line(output, "disputed", $"by {(dispute.ByPatient ? "the patient through " : "")}{dispute.Organisation} until {dispute.Until}");
        foreach (var consent in prescription.Consents)
            line(output, "consent", $"to {consent.Grantee} until {consent.Until}, purpose {consent.PurposeCode}");
        if (prescription.Erased)
            line(output, "content", "erased");
        line(output, "events", $"{prescription.Events}, {prescription.Refused} of them refused");
        line(output, "complete", prescription.Complete ? "yes: the state's chain and count of its leaves are these" : "not proved: the state keeps no chain for this id");
        WriteSteps(output, prescription.Steps);
    }

    private static void WriteSteps(TextWriter output, IReadOnlyList<StepJson> steps)
    {
        output.WriteLine($"{"leaf",10}  {"ledger time",-24}  {"act",-16}  {"organisation",-20}  {"outcome",-24}  {"status",-9}  {"units left",-10}  detail");
        foreach (var step in steps)
        {
            string marks = step.Marks.Count > 0 ? $"  [{string.Join(", ", step.Marks)}]" : "";
            output.WriteLine($"{step.Leaf,10}  {step.LedgerTime,-24}  {step.Act,-16}  {step.Organisation,-20}  {step.Outcome,-24}  {step.Status,-9}  {string.Join(" ", step.UnitsLeft),-10}  {step.Detail}{marks}");
        }
    }

    private static string Text(SupplyJson supply)
    {
        var items = supply.Items.Select(item => $"line {item.Line}: {item.Units} units"
            + (item.ExcessUnits > 0 ? $" and {item.ExcessUnits} beyond" : "")
            + (item.Reversed ? ", reversed" : ""));
        return $"by {supply.Dispenser}, {string.Join("; ", items)}"
            + (supply.Late ? $"; late, handed over {supply.HandedOver}" : "")
            + (supply.Settled ? $"; settled by {supply.Payer}" : "")
            + (supply.RecoveryDue ? ", recovery due" : "");
    }
}
