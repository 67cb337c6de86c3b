using System.Diagnostics.CodeAnalysis;
using RxChain.Interop.Reading;

namespace RxChain.Interop;

/// <summary>Reads FHIR R4 JSON (https://hl7.org/fhir/R4) as prescription and pharmacy systems send it, no further
/// than Issue and Dispense need. What a receiver may ignore is ignored; anything else that is not understood is
/// one error. Never throws on any input bytes.</summary>
public static class FhirReader
{
    /// <summary>Longest input, in bytes.</summary>
    public const int MaxSizeBytes = 1 << 20;

    /// <summary>Most lines of a prescription, and most items of a dispense.</summary>
    public const int MaxItems = 32;

    /// <summary>Reads a prescription: a <c>Bundle</c> of type <c>document</c>.</summary>
    public static bool TryReadPrescription(
        ReadOnlyMemory<byte> json,
        FhirOptions options,
        [NotNullWhen(true)] out FhirPrescription? prescription,
        [NotNullWhen(false)] out FhirError? error)
    {
        prescription = Read(json, new PrescriptionReading(options, json).Read, out error);
        return prescription is not null;
    }

    /// <summary>Reads what a pharmacy supplied on one prescription: <c>Parameters</c>, one <c>MedicationDispense</c>,
    /// or a <c>Bundle</c> or JSON array of them and their <c>Medication</c>.</summary>
    public static bool TryReadDispense(
        ReadOnlyMemory<byte> json,
        FhirOptions options,
        [NotNullWhen(true)] out FhirDispense? dispense,
        [NotNullWhen(false)] out FhirError? error)
    {
        dispense = Read(json, new DispenseReading(options, json).Read, out error);
        return dispense is not null;
    }

    private static T? Read<T>(ReadOnlyMemory<byte> json, Func<FhirNode, T> reading, out FhirError error)
        where T : class
    {
        using var document = FhirIntake.Parse(json, out var flaw);
        error = flaw!;
        if (document is null) return null;
        var problems = new FhirProblems();
        var read = reading(FhirNode.Root(document.RootElement, problems));
        error = problems.First!;
        return error is null ? read : null;
    }
}
