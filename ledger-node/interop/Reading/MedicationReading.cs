namespace RxChain.Interop.Reading;

/// <summary>Reads <c>medication[x]</c> of a MedicationRequest or MedicationDispense.</summary>
internal static class MedicationReading
{
    private const int MaxSizeBytes = 65_536;

    private const string GermanType = "https://fhir.kbv.de/CodeSystem/KBV_CS_ERP_Medication_Type";

    /// <summary>What it is, and its canonical form: null when it is missing.</summary>
    public static (MedicationKind Kind, string? Json) Read(FhirNode request, ReferenceScope scope)
    {
        var medication = Find(request.AtMost(MaxSizeBytes), scope).AtMost(MaxSizeBytes);
        foreach (var ingredient in medication["ingredient"].Items()) CheckIngredient(medication, ingredient);
        return (Kind(medication), Canonical(medication));
    }

    /// <summary>The Medication named or contained, or the CodeableConcept given in its place.</summary>
    private static FhirNode Find(FhirNode request, ReferenceScope scope)
    {
        var (concept, reference) = (request["medicationCodeableConcept"], request["medicationReference"]);
        if (concept.Exists && reference.Exists) concept.Fail("is given beside medicationReference");
        if (concept.Exists) return concept;
        if (!reference.Exists)
        {
            if (request.Exists) reference.Fail("is missing");
            return reference;
        }

        return Contained(request, reference["reference"]) ?? scope.Resolve(reference, "Medication");
    }

    /// <summary><c>Medication.code</c> and what stands in for it.</summary>
    private static MedicationKind Kind(FhirNode medication)
    {
        var code = IsResource(medication) ? medication["code"] : medication;
        foreach (var coding in code["coding"].Items())
        {
            if (coding["system"].Text() != GermanType) continue;
            if (GermanKind(coding) is { } kind) return kind;
        }

        if (code["coding"].Exists) return MedicationKind.Product;
        if (medication["ingredient"].Exists) return MedicationKind.Compounding;
        if (code.Exists && code["text"].Text().Length == 0) code.Fail("has neither coding nor text");
        if (!code.Exists && medication.Exists) medication.Fail("has neither code nor ingredient");
        return MedicationKind.FreeText;
    }

    /// <summary>The medication without what only concerns its record.</summary>
    private static string? Canonical(FhirNode medication)
    {
        if (!medication.Exists) return null;
        return IsResource(medication)
            ? CanonicalJson.Of(medication.Json, "id", "language", "meta", "text")
            : CanonicalJson.Object(("code", CanonicalJson.Of(medication.Json)));
    }

    private static MedicationKind? GermanKind(FhirNode coding)
    {
        var code = coding.Required("code").Text();
        switch (code)
        {
            case "wirkstoff": return MedicationKind.Ingredient;
            case "rezeptur": return MedicationKind.Compounding;
            case "freitext": return MedicationKind.FreeText;
            default:
                coding["code"].Fail($"{JsonPath.Quote(code)} is not understood");
                return null;
        }
    }

    private static void CheckIngredient(FhirNode medication, FhirNode ingredient)
    {
        var item = ingredient["itemReference"];
        if (!item.Exists) return;
        var reference = item.Required("reference");
        if (reference.Exists && Contained(medication, reference) is null)
            reference.Fail("does not begin with #, and only contained ingredients are understood");
    }

    /// <summary>The contained Medication of a reference <c>#id</c>; null for any other reference.</summary>
    private static FhirNode? Contained(FhirNode owner, FhirNode reference)
    {
        var text = reference.Text();
        if (!text.StartsWith('#')) return null;
        foreach (var resource in owner["contained"].Items())
        {
            if (resource["id"].Text() == text[1..] && ReferenceScope.TypeOf(resource) == "Medication") return resource;
        }

        reference.Fail($"{JsonPath.Quote(text)} names no contained Medication");
        return reference with { Json = default };
    }

    private static bool IsResource(FhirNode medication) => medication["resourceType"].Exists;
}
