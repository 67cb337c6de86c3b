using RxChain.Interop;

namespace RxChain.Ledger.Tests.Interop;

/// <summary>What a ledger should make of the dispense of a real case.</summary>
internal enum DispenseFit
{
    /// <summary>Names this prescription, inside its window, and substitutes only where that is allowed.</summary>
    Fits,

    /// <summary>Names another prescription.</summary>
    OtherPrescription,

    /// <summary>Handed over before or after the window.</summary>
    OutsideWindow,

    /// <summary>Another product although the prescriber forbade that.</summary>
    SubstitutionForbidden,
}

/// <summary>A real prescription with the dispense that was recorded for it.</summary>
internal sealed record FhirCase(string Name, FhirPrescription Prescription, FhirDispense Dispense)
{
    public bool NamesThis => Dispense.PrescriptionId == Prescription.Id;

    public bool InWindow => Dispense.Items.All(item => Prescription.Window.Contains(item.When));

    public DispenseFit Fit =>
        !NamesThis ? DispenseFit.OtherPrescription
        : !InWindow ? DispenseFit.OutsideWindow
        : Prescription.Lines[0].SubstitutionForbidden && Dispense.Items.Any(item => item.Substituted) ? DispenseFit.SubstitutionForbidden
        : DispenseFit.Fits;

    public static FhirCase Read(string name)
    {
        Assert.True(FhirReader.TryReadPrescription(FhirData.PrescriptionOf(name), FhirOptions.Default, out var prescription, out var error), $"{name}: {error}");
        Assert.True(FhirReader.TryReadDispense(FhirData.DispenseOf(name), FhirOptions.Default, out var dispense, out error), $"{name}: {error}");
        return new(name, prescription, dispense);
    }
}
