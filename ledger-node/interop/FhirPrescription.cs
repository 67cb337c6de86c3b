namespace RxChain.Interop;

/// <summary>FHIR R4 <c>Identifier</c>: who gives it out, and the value.</summary>
public sealed record FhirIdentifier(string System, string Value);

/// <summary>What kind of thing a <c>Medication</c> names.</summary>
public enum MedicationKind
{
    /// <summary>A finished product by its code (PZN in Germany).</summary>
    Product,

    /// <summary>An active ingredient; the pharmacy chooses the product.</summary>
    Ingredient,

    /// <summary>Something that the pharmacy prepares.</summary>
    Compounding,

    /// <summary>Words only.</summary>
    FreeText,
}

/// <summary>One <c>MedicationRequest</c>.</summary>
/// <param name="Kind">What <c>medication[x]</c> names.</param>
/// <param name="Units">Units authorised: <c>dispenseRequest.quantity.value</c>, 1 to 1,000,000.</param>
/// <param name="SubstitutionForbidden"><c>substitution.allowedBoolean</c> is false.</param>
/// <param name="Content">Product, dosage, quantity and substitution in the canonical form of docs/FORMAT.md,
/// without patient or practitioner.</param>
public sealed record FhirLine(MedicationKind Kind, uint Units, bool SubstitutionForbidden, ReadOnlyMemory<byte> Content);

/// <summary>One of several prescriptions written as one order.</summary>
/// <param name="Id">The UUID that all repeats of the order share.</param>
/// <param name="Number">Which repeat, 1 to <paramref name="Of"/>.</param>
/// <param name="Of">How many repeats, 2 to 64.</param>
public sealed record FhirRepeat(Guid Id, uint Number, uint Of);

/// <summary>What a practitioner has to do with a prescription.</summary>
public enum FhirPractitionerRole
{
    /// <summary>Wrote it: <c>Composition.author</c>.</summary>
    Author,

    /// <summary>Answers for it and signs: the legal <c>Composition.attester</c>, else the author.</summary>
    Responsible,
}

/// <summary>A <c>Practitioner</c>; one who is author and responsible appears once, as responsible.</summary>
/// <param name="Role">The part played.</param>
/// <param name="Identifiers">At least one, such as the LANR.</param>
/// <param name="Team">Identifier of the team for which a <c>PractitionerRole</c> says the practitioner acts.</param>
public sealed record FhirPractitioner(
    FhirPractitionerRole Role, IReadOnlyList<FhirIdentifier> Identifiers, FhirIdentifier? Team);

/// <summary><c>Composition.custodian</c>: the practice or hospital that issues.</summary>
public sealed record FhirOrganization(string Name, FhirIdentifier Identifier);

/// <summary>A prescription as read from a document <c>Bundle</c>. The patient is in <see cref="Document"/> only.</summary>
public sealed record FhirPrescription
{
    /// <summary><c>Bundle.identifier</c>: the number that pharmacies will name.</summary>
    public required FhirIdentifier Id { get; init; }

    /// <summary>When it was authored: <c>Composition.date</c>, or <c>Bundle.timestamp</c> where the former is only
    /// a date. Milliseconds since the Unix epoch.</summary>
    public required long AuthoredMs { get; init; }

    /// <summary>When it may be claimed.</summary>
    public required FhirWindow Window { get; init; }

    /// <summary>One for each <c>MedicationRequest</c>, in the order of <c>Composition.section.entry</c>; 1 to 32.</summary>
    public required IReadOnlyList<FhirLine> Lines { get; init; }

    /// <summary>Set when this is one repeat of several.</summary>
    public required FhirRepeat? Repeat { get; init; }

    /// <summary>Exactly one is responsible; a second one, the author, only where another wrote it.</summary>
    public required IReadOnlyList<FhirPractitioner> Practitioners { get; init; }

    /// <summary>Who issues.</summary>
    public required FhirOrganization Organization { get; init; }

    /// <summary><c>Coverage.payor.identifier</c>, or null when the patient pays.</summary>
    public required FhirIdentifier? Payer { get; init; }

    /// <summary>The bytes as received: what the content commitment covers.</summary>
    public required ReadOnlyMemory<byte> Document { get; init; }
}
