using System.Globalization;
using RxChain.Interop;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Interop;

public sealed class FhirCasesTests(ITestOutputHelper output)
{
    [FhirDataFact]
    public void EveryCase_Reads_AndIsListed()
    {
        Assert.NotNull(FhirData.Folder);
        var cases = FhirData.Cases.Select(FhirCase.Read).ToList();
        output.WriteLine("case | issued | window [not before, not after) | group | lines: kind x units, ! forbids substitution | handed over, quantity, s substituted | names | in window | fit");
        foreach (var c in cases) output.WriteLine(Row(c));
        foreach (var fit in cases.GroupBy(c => c.Fit)) output.WriteLine($"{fit.Key}: {fit.Count()}");
        Assert.Equal(60, cases.Count);
    }

    private static string Row(FhirCase c) => string.Join(" | ",
        c.Name,
        Utc(c.Prescription.AuthoredMs),
        $"{Utc(c.Prescription.Window.NotBeforeMs)} .. {Utc(c.Prescription.Window.NotAfterMs)}",
        c.Prescription.Repeat is { } repeat ? $"{repeat.Id.ToString()[..4]} {repeat.Number}/{repeat.Of}" : "-",
        string.Join(", ", c.Prescription.Lines.Select(l => $"{l.Kind} x {l.Units}{(l.SubstitutionForbidden ? "!" : "")}")),
        string.Join(", ", c.Dispense.Items.Select(Item)),
        c.NamesThis ? "this" : $"another ({c.Dispense.PrescriptionId.Value}, not {c.Prescription.Id.Value})",
        c.InWindow ? "inside" : "outside",
        c.Fit);

    private static string Item(FhirDispensedItem item) =>
        $"{item.When.Day:yyyy-MM-dd}{(item.Quantity is { } q ? $" {q.Value.ToString(CultureInfo.InvariantCulture)} {q.Unit}" : "")}{(item.Substituted ? " s" : "")}";

    private static string Utc(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
