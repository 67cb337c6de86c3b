using System.Text;

namespace RxChain.Interop.Reading;

/// <summary>Reads a document Bundle: FHIR R4 documents.html, bundle.html, medicationrequest.html.</summary>
internal sealed class PrescriptionReading(FhirOptions options, ReadOnlyMemory<byte> document)
{
    private const int MaxEntries = 256;
    private const uint MaxUnits = 1_000_000;

    private readonly ReferenceScope _scope = new();
    private readonly List<FhirNode> _resources = [];

    public FhirPrescription Read(FhirNode bundle)
    {
        CheckKind(bundle);
        AddEntries(bundle.Required("entry"));
        var composition = Composition(bundle);
        var requests = Requests(composition);
        CheckPatient(composition, requests);
        var authored = composition.Required("date").Time(options.TimeZone) ?? default;
        var stamped = bundle.Required("timestamp").Time(options.TimeZone) ?? default;
        var terms = requests.Select(r => Terms(r, authored)).ToList();
        var people = new PeopleReading(_scope, OfType("PractitionerRole"));
        var payers = requests.Select(people.Payer).ToList();
        CheckSame(requests, [.. terms.Select(t => t.Window)], "window");
        CheckSame(requests, [.. terms.Select(t => t.Repeat)], "repeat");
        CheckSame(requests, payers, "payer");
        return new()
        {
            Id = PeopleReading.PrescriptionId(bundle.Required("identifier"), options),
            AuthoredMs = (authored.IsInstant ? authored : stamped).FromMs,
            Window = terms.FirstOrDefault().Window,
            Repeat = terms.FirstOrDefault().Repeat,
            Lines = [.. requests.Select(Line)],
            Practitioners = people.Practitioners(composition, requests),
            Organization = people.Organization(composition),
            Payer = payers.FirstOrDefault(),
            Document = document.ToArray(),
        };
    }

    private static void CheckKind(FhirNode bundle)
    {
        if (bundle.Required("resourceType").Text() != "Bundle") bundle["resourceType"].Fail("is not Bundle");
        if (bundle.Required("type").Text() != "document") bundle["type"].Fail("is not document");
    }

    private void AddEntries(FhirNode entries)
    {
        foreach (var entry in entries.Items(MaxEntries))
        {
            var resource = entry.Required("resource");
            if (resource.Exists && resource.Required("resourceType").Exists) _scope.Add(resource, entry["fullUrl"]);
            _resources.Add(resource);
        }
    }

    /// <summary>The first entry, and the only one of its kind (R4 bdl-11).</summary>
    private FhirNode Composition(FhirNode bundle)
    {
        var compositions = OfType("Composition");
        if (compositions.Count == 1 && compositions[0].Path == _resources[0].Path) return compositions[0];
        bundle["entry"].Fail("does not begin with its only Composition");
        return bundle["entry"] with { Json = default };
    }

    /// <summary>The MedicationRequests that the sections list. One that no section lists would be a puzzle.</summary>
    private List<FhirNode> Requests(FhirNode composition)
    {
        var sections = composition.Required("section");
        var listed = sections.Items().SelectMany(s => s["entry"].Items()).Select(e => _scope.Resolve(e)).ToList();
        List<FhirNode> requests = [.. listed.Where(r => ReferenceScope.TypeOf(r) == "MedicationRequest").DistinctBy(r => r.Path)];
        if (requests.Count == 0 && sections.Exists) sections.Fail("lists no MedicationRequest");
        if (requests.Count > FhirReader.MaxItems) sections.Fail($"lists more than {FhirReader.MaxItems} MedicationRequests");
        foreach (var request in OfType("MedicationRequest").ExceptBy(requests.Select(r => r.Path), r => r.Path))
            request.Fail("is listed in no section of the Composition");
        return requests;
    }

    /// <summary>The whole prescription is for one patient.</summary>
    private void CheckPatient(FhirNode composition, List<FhirNode> requests)
    {
        var patient = _scope.Resolve(composition.Required("subject"), "Patient");
        foreach (var request in requests)
        {
            var subject = request.Required("subject");
            if (_scope.Resolve(subject, "Patient").Path != patient.Path) subject.Fail("is another patient than the Composition's");
        }
    }

    /// <summary>Window and repeat of one line. The window counts from <c>authoredOn</c>, else from the document's date.</summary>
    private (FhirWindow Window, FhirRepeat? Repeat) Terms(FhirNode request, FhirTime authored) =>
        new WindowReading(options).Read(request, request["authoredOn"].Time(options.TimeZone) ?? authored);

    /// <summary>The ledger has one window, one place in an order and one payer for all lines.</summary>
    private static void CheckSame<T>(List<FhirNode> requests, List<T> values, string what)
    {
        for (var i = 1; i < values.Count; i++)
        {
            if (!Equals(values[i], values[0])) requests[i].Fail($"has another {what} than the first line");
        }
    }

    private FhirLine Line(FhirNode request)
    {
        var medication = MedicationReading.Read(request, _scope);
        var substitution = request["substitution"];
        if (substitution["allowedCodeableConcept"].Exists)
            substitution["allowedCodeableConcept"].Fail("is not understood, only allowedBoolean");
        var json = CanonicalJson.Object(
            ("dosageInstruction", CanonicalJson.Of(request["dosageInstruction"])),
            ("medication", medication.Json),
            ("quantity", CanonicalJson.Of(request["dispenseRequest"]["quantity"])),
            ("substitution", CanonicalJson.Of(substitution)));
        var forbidden = substitution["allowedBoolean"].Boolean() == false;
        return new(medication.Kind, Units(request, medication.Kind), forbidden, Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Packs of a finished product. What is made up or chosen later counts as written, or as one.</summary>
    private static uint Units(FhirNode request, MedicationKind kind)
    {
        var quantity = request["dispenseRequest"]["quantity"];
        if (kind == MedicationKind.Product) quantity = request.Required("dispenseRequest").Required("quantity");
        if (!quantity.Exists) return 1;
        QuantityReading.RefuseComparator(quantity);
        var unit = QuantityReading.Unit(quantity);
        if (kind == MedicationKind.Product && unit.Exists && unit.Text() != FhirQuantity.Package)
            unit.Fail($"{JsonPath.Quote(unit.Text())} is not {FhirQuantity.Package}, and a product is counted in packs");
        return quantity.Required("value").PositiveInteger(MaxUnits);
    }

    private List<FhirNode> OfType(string type) => [.. _resources.Where(r => ReferenceScope.TypeOf(r) == type)];
}
