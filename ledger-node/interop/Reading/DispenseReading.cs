using System.Text;
using System.Text.Json;

namespace RxChain.Interop.Reading;

/// <summary>Reads dispense records: FHIR R4 medicationdispense.html, parameters.html.</summary>
internal sealed class DispenseReading(FhirOptions options, ReadOnlyMemory<byte> document)
{
    private const int MaxResources = 256;

    private readonly List<(FhirNode Dispense, ReferenceScope Scope)> _dispenses = [];

    public FhirDispense Read(FhirNode root)
    {
        Collect(root);
        if (_dispenses.Count == 0) root.Fail("holds no MedicationDispense");
        if (_dispenses.Count > FhirReader.MaxItems) root.Fail($"holds more than {FhirReader.MaxItems} MedicationDispenses");
        var records = _dispenses.Select(d => d.Dispense).ToList();
        return new()
        {
            PrescriptionId = Same(records, PrescriptionId, "prescription"),
            Pharmacy = Same(records, Pharmacy, "pharmacy"),
            Items = [.. _dispenses.Take(FhirReader.MaxItems).Select(d => Item(d.Dispense, d.Scope))],
            Document = document.ToArray(),
        };
    }

    private void Collect(FhirNode root)
    {
        if (root.Json.ValueKind == JsonValueKind.Array)
        {
            CollectFrom([.. root.Items(MaxResources).Select(r => (r, default(FhirNode)))]);
            return;
        }

        switch (root.Required("resourceType").Text())
        {
            case "MedicationDispense":
                CollectFrom([(root, default)]);
                break;
            case "Bundle":
                CollectBundle(root);
                break;
            case "Parameters":
                foreach (var parameter in root.Required("parameter").Items()) CollectParameter(parameter);
                break;
            default:
                root["resourceType"].Fail("is not MedicationDispense, Parameters or Bundle");
                break;
        }
    }

    private void CollectBundle(FhirNode bundle)
    {
        var type = bundle.Required("type").Text();
        if (type is not ("collection" or "searchset")) bundle["type"].Fail($"{JsonPath.Quote(type)} is not collection or searchset");
        CollectFrom([.. bundle.Required("entry").Items(MaxResources).Select(e => (e.Required("resource"), e["fullUrl"]))]);
    }

    /// <summary>gematik's close and dispense operations: one part for the record, one for its Medication.</summary>
    private void CollectParameter(FhirNode parameter)
    {
        var name = parameter.Required("name").Text();
        if (name != "rxDispensation") parameter["name"].Fail($"{JsonPath.Quote(name)} is not rxDispensation");
        CollectFrom([.. parameter.Required("part").Items().Select(p => (Part(p), default(FhirNode)))]);
    }

    private static FhirNode Part(FhirNode part)
    {
        var name = part.Required("name").Text();
        if (name is not ("medicationDispense" or "medication"))
            part["name"].Fail($"{JsonPath.Quote(name)} is not medicationDispense or medication");
        return part.Required("resource");
    }

    /// <summary>Records whose references may name each other.</summary>
    private void CollectFrom(List<(FhirNode Resource, FhirNode FullUrl)> resources)
    {
        var scope = new ReferenceScope();
        foreach (var (resource, fullUrl) in resources)
        {
            var type = resource.Required("resourceType").Text();
            if (type is "MedicationDispense") _dispenses.Add((resource, scope));
            else if (type is not "Medication") resource.Fail("is neither MedicationDispense nor Medication");
            scope.Add(resource, fullUrl);
        }
    }

    /// <summary>What all records must agree on.</summary>
    private static FhirIdentifier Same(List<FhirNode> records, Func<FhirNode, FhirIdentifier> read, string what)
    {
        var values = records.Select(read).ToList();
        for (var i = 1; i < values.Count; i++)
        {
            if (values[i] != values[0]) records[i].Fail($"names another {what} than the first record");
        }

        return values.FirstOrDefault() ?? new("", "");
    }

    private FhirIdentifier PrescriptionId(FhirNode dispense)
    {
        var order = dispense["authorizingPrescription"].Only()["identifier"];
        if (order.Exists) return PeopleReading.PrescriptionId(order, options);
        var identifiers = dispense.Required("identifier");
        var known = identifiers.Items().Where(i => options.PrescriptionIdSystems.Contains(i["system"].Text())).ToList();
        if (known.Count == 1) return PeopleReading.PrescriptionId(known[0], options);
        if (identifiers.Exists) identifiers.Fail(known.Count == 0 ? "names no prescription" : "names several prescriptions");
        return new("", "");
    }

    private static FhirIdentifier Pharmacy(FhirNode dispense)
    {
        var actor = dispense.Required("performer").Only().Required("actor");
        return PeopleReading.Identifier(actor.Required("identifier"));
    }

    private FhirDispensedItem Item(FhirNode dispense, ReferenceScope scope)
    {
        var medication = MedicationReading.Read(dispense, scope);
        var handedOver = dispense["whenHandedOver"].Time(options.TimeZone);
        var prepared = dispense["whenPrepared"].Time(options.TimeZone);
        if (handedOver is null && prepared is null) dispense["whenHandedOver"].Fail("is missing, and so is whenPrepared");
        if (handedOver?.ToMs <= prepared?.FromMs) dispense["whenHandedOver"].Fail("is before whenPrepared");
        var quantity = dispense["quantity"];
        var json = CanonicalJson.Object(
            ("medication", medication.Json), ("quantity", CanonicalJson.Of(quantity)));
        var substituted = dispense["substitution"].Required("wasSubstituted").Boolean() ?? false;
        return new(handedOver, prepared, QuantityReading.Read(quantity), substituted, Encoding.UTF8.GetBytes(json));
    }
}
