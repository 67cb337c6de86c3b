using System.Text;
using RxChain.Interop;

namespace RxChain.Ledger.Tests.Interop;

public sealed class FhirSamplesTests
{
    private static readonly DateOnly _summer = new(2031, 7, 14);

    public static TheoryData<string> Names => [.. FhirSamples.Names];

    [Fact]
    public void Samples_AreTheseKinds() => Assert.Equal(
        [
            "compounding", "emergency", "free-text", "ingredient", "other-pack-sizes", "partial-fill", "repeat-1-of-3",
            "repeat-2-of-3", "repeat-3-of-3", "single-pack", "substitution-forbidden", "to-be-cancelled", "trainee-author", "two-lines",
        ],
        FhirSamples.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void Sample_Reads_AndItsDispensesFit(string name)
    {
        var prescription = Read(name, FhirSamples.IssuedOn);
        foreach (var dispense in Dispenses(name, FhirSamples.IssuedOn))
        {
            Assert.Equal(prescription.Id, dispense.PrescriptionId);
            Assert.All(dispense.Items, item => Assert.True(prescription.Window.Contains(item.When)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sample_Moved_KeepsEverythingButItsDates(string name)
    {
        var (before, after) = (Read(name, FhirSamples.IssuedOn), Read(name, _summer));
        var moved = TimeSpan.FromDays(_summer.DayNumber - FhirSamples.IssuedOn.DayNumber).TotalMilliseconds;
        Assert.Equal(before.AuthoredMs + moved, after.AuthoredMs);
        Assert.Equal(before.Lines[0].Content.ToArray(), after.Lines[0].Content.ToArray());
        foreach (var dispense in Dispenses(name, _summer))
            Assert.All(dispense.Items, item => Assert.True(after.Window.Contains(item.When)));
    }

    [Fact]
    public void PartialFill_IsSuppliedByTwoPharmacies()
    {
        var dispenses = Dispenses("partial-fill", FhirSamples.IssuedOn).ToList();
        Assert.Equal(3u, Read("partial-fill", FhirSamples.IssuedOn).Lines[0].Units);
        Assert.Equal([1m, 2m], dispenses.Select(d => d.Items[0].Quantity!.Value));
        Assert.Equal(["PH-12", "PH-19"], dispenses.Select(d => d.Pharmacy.Value));
    }

    [Fact]
    public void Kinds_AreTold()
    {
        Assert.Equal(MedicationKind.Product, Read("single-pack", FhirSamples.IssuedOn).Lines[0].Kind);
        Assert.Equal(MedicationKind.Ingredient, Read("ingredient", FhirSamples.IssuedOn).Lines[0].Kind);
        Assert.Equal(MedicationKind.Compounding, Read("compounding", FhirSamples.IssuedOn).Lines[0].Kind);
        Assert.Equal(MedicationKind.FreeText, Read("free-text", FhirSamples.IssuedOn).Lines[0].Kind);
        Assert.True(Read("substitution-forbidden", FhirSamples.IssuedOn).Lines[0].SubstitutionForbidden);
        Assert.Empty(FhirSamples.Dispenses("to-be-cancelled", FhirSamples.IssuedOn));
        Assert.Null(Read("free-text", FhirSamples.IssuedOn).Payer);
    }

    private static FhirPrescription Read(string name, DateOnly day)
    {
        var json = FhirSamples.Prescription(name, day);
        Assert.True(FhirReader.TryReadPrescription(json, FhirOptions.Default, out var prescription, out var error), $"{name}: {error} {Encoding.UTF8.GetString(json)[..80]}");
        return prescription;
    }

    private static IEnumerable<FhirDispense> Dispenses(string name, DateOnly day)
    {
        foreach (var json in FhirSamples.Dispenses(name, day))
        {
            Assert.True(FhirReader.TryReadDispense(json, FhirOptions.Default, out var dispense, out var error), $"{name}: {error}");
            yield return dispense;
        }
    }
}
