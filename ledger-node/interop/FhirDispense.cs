namespace RxChain.Interop;

/// <summary>FHIR R4 <c>Quantity</c>.</summary>
/// <param name="Value">A positive number.</param>
/// <param name="Unit"><c>code</c>, else <c>unit</c>, else null.</param>
public sealed record FhirQuantity(decimal Value, string? Unit)
{
    /// <summary>UCUM code that says: packs.</summary>
    public const string Package = "{Package}";
}

/// <summary>One <c>MedicationDispense</c>: one product handed over.</summary>
/// <param name="HandedOver"><c>whenHandedOver</c>; null when only prepared.</param>
/// <param name="Prepared"><c>whenPrepared</c>; one of the two is set.</param>
/// <param name="Quantity"><c>quantity</c>, where given.</param>
/// <param name="Substituted"><c>substitution.wasSubstituted</c>; false when absent.</param>
/// <param name="Content">Product and quantity in the canonical form of docs/FORMAT.md.</param>
public sealed record FhirDispensedItem(
    FhirTime? HandedOver, FhirTime? Prepared, FhirQuantity? Quantity, bool Substituted, ReadOnlyMemory<byte> Content)
{
    /// <summary>When it was handed over, else when it was prepared.</summary>
    public FhirTime When => (HandedOver ?? Prepared)!.Value;
}

/// <summary>What one pharmacy supplied on one prescription.</summary>
public sealed record FhirDispense
{
    /// <summary>The prescription it names: <c>identifier</c> of a known system, or
    /// <c>authorizingPrescription.identifier</c>.</summary>
    public required FhirIdentifier PrescriptionId { get; init; }

    /// <summary><c>performer.actor.identifier</c>: the pharmacy.</summary>
    public required FhirIdentifier Pharmacy { get; init; }

    /// <summary>1 to 32 items.</summary>
    public required IReadOnlyList<FhirDispensedItem> Items { get; init; }

    /// <summary>The bytes as received: what the content commitment covers.</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }
}
