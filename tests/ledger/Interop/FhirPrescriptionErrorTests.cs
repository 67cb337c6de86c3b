using RxChain.Interop;

namespace RxChain.Ledger.Tests.Interop;

/// <summary>One change to a good prescription, and the one error that it makes.</summary>
public sealed class FhirPrescriptionErrorTests
{
    private const string Bundle = "resourceType";
    private const string Composition = "entry[0].resource.";
    private const string Request = "entry[1].resource.";
    private const string Medication = "entry[2].resource.";
    private const string Patient = "entry[3].resource.";
    private const string Practitioner = "entry[4].resource.";
    private const string Organization = "entry[5].resource.";
    private const string Coverage = "entry[6].resource.";
    private const string Quantity = Request + "dispenseRequest.quantity";
    private const string OrganizationUrl = "urn:uuid:organization";

    [Theory]
    [InlineData(Bundle, "\"Patient\"", "is not Bundle")]
    [InlineData("type", "\"collection\"", "is not document")]
    [InlineData("timestamp", null, "is missing")]
    [InlineData("timestamp", "\"2026-01-05T09:35:00\"", "2026-01-05T09:35:00 is not a date, or a time with its offset, in 1970 to 2199")]
    [InlineData("identifier", null, "is missing")]
    [InlineData("identifier.system", "\"urn:other\"", "urn:other is not known to name prescriptions")]
    [InlineData("identifier.value", null, "is missing")]
    [InlineData("identifier.value", "17", "is not a string")]
    [InlineData("entry", null, "is missing")]
    [InlineData("entry", "{\"a\":1}", "is not an array")]
    [InlineData("entry[0]", null, "does not begin with its only Composition", "entry")]
    [InlineData("entry[3].resource", null, "is missing")]
    public void Bundle_Changed_IsRefused(string path, string? json, string message, string? at = null) =>
        Refused(path, json, message, at);

    [Theory]
    [InlineData(Composition + "status", "\"amended\"", "amended is not understood, only final")]
    [InlineData(Composition + "status", null, "is missing")]
    [InlineData(Composition + "relatesTo", "[{\"code\":\"replaces\"}]", "this is not understood, only its absence")]
    [InlineData(Composition + "date", null, "is missing")]
    [InlineData(Composition + "date", "\"2026-01\"", "2026-01 is not a date, or a time with its offset, in 1970 to 2199")]
    [InlineData(Composition + "date", "\"2026-02-30\"", "2026-02-30 is not a date, or a time with its offset, in 1970 to 2199")]
    [InlineData(Composition + "section", null, "is missing")]
    [InlineData(Composition + "section[0]", null, "lists no MedicationRequest", Composition + "section")]
    [InlineData(Composition + "section[0].entry[0].reference", "\"MedicationRequest/none\"", "MedicationRequest/none names no resource of this document")]
    [InlineData(Composition + "subject", null, "is missing")]
    [InlineData(Composition + "subject.reference", "\"Patient/none\"", "Patient/none names no Patient of this document")]
    [InlineData(Composition + "author", null, "is missing")]
    [InlineData(Composition + "author[0]", null, "names no practitioner", Composition + "author")]
    [InlineData(Composition + "author[0].reference", null, "is missing")]
    [InlineData(Composition + "author[1].type", "\"Practitioner\"", "names several practitioners", Composition + "author")]
    [InlineData(Composition + "attester", "[{\"mode\":\"legal\"}]", "is missing", Composition + "attester[0].party")]
    [InlineData(Composition + "custodian", null, "is missing")]
    public void Composition_Changed_IsRefused(string path, string? json, string message, string? at = null) =>
        Refused(path, json, message, at);

    [Theory]
    [InlineData(Request + "status", "\"cancelled\"", "cancelled is not understood, only active")]
    [InlineData(Request + "intent", "\"proposal\"", "proposal is not understood, only order")]
    [InlineData(Request + "doNotPerform", "true", "true is not understood, only false")]
    [InlineData(Request + "doNotPerform", "\"false\"", "false is not understood, only false")]
    [InlineData(Request + "priorPrescription", "{\"reference\":\"MedicationRequest/1\"}", "this is not understood, only its absence")]
    [InlineData(Request + "modifierExtension", "[{\"url\":\"u\"}]", "changes the meaning, and no modifier extension is understood")]
    [InlineData(Request + "implicitRules", "\"http://x\"", "changes the meaning, and no implicit rules are understood")]
    [InlineData(Request + "medicationReference", null, "is missing")]
    [InlineData(Request + "medicationReference.reference", "\"#in\"", "#in names no contained Medication")]
    [InlineData(Request + "medicationReference.reference", "\"" + OrganizationUrl + "\"", "names Organization where Medication is wanted")]
    [InlineData(Request + "medicationReference.reference", "\"Patient/489656d9-7174-5caf-86fc-d66a46d7237b\"", "Patient/489656d9-7174-5caf-86fc-d66a46d7237b names no Medication of this document")]
    [InlineData(Request + "medicationCodeableConcept", "{\"text\":\"x\"}", "is given beside medicationReference")]
    [InlineData(Request + "authoredOn", "\"5.1.2026\"", "5.1.2026 is not a date, or a time with its offset, in 1970 to 2199")]
    [InlineData(Request + "insurance[1]", "{\"reference\":\"Coverage/1\"}", "has more than one entry, and only one is understood", Request + "insurance")]
    [InlineData(Request + "substitution.allowedBoolean", "\"true\"", "is not true or false")]
    [InlineData(Request + "substitution", "{\"allowedCodeableConcept\":{\"text\":\"x\"}}", "is not understood, only allowedBoolean", Request + "substitution.allowedCodeableConcept")]
    [InlineData(Request + "dispenseRequest", null, "is missing")]
    [InlineData(Quantity, null, "is an empty object", Request + "dispenseRequest")]
    [InlineData(Request + "dispenseRequest", "{\"id\":\"1\"}", "is missing", Quantity)]
    [InlineData(Quantity + ".value", null, "is missing")]
    [InlineData(Quantity + ".value", "0", "0 is not a positive integer")]
    [InlineData(Quantity + ".value", "-1", "-1 is not a positive integer")]
    [InlineData(Quantity + ".value", "1.5", "1.5 is not a positive integer")]
    [InlineData(Quantity + ".value", "\"1\"", "\"1\" is not a positive integer")]
    [InlineData(Quantity + ".value", "1000001", "1000001 is more than 1000000")]
    [InlineData(Quantity + ".value", "1e400", "is a number out of range")]
    [InlineData(Quantity + ".code", "\"{tbl}\"", "{tbl} is not {Package}, and a product is counted in packs")]
    [InlineData(Quantity, "{\"value\":30,\"unit\":\"tablets\"}", "tablets is not {Package}, and a product is counted in packs", Quantity + ".unit")]
    [InlineData(Quantity + ".comparator", "\">=\"", "changes the meaning and is not understood")]
    [InlineData(Request + "dispenseRequest.numberOfRepeatsAllowed", "2", "is not 0: each repeat is a prescription of its own")]
    [InlineData(Request + "dispenseRequest.initialFill", "{\"id\":\"1\"}", "is not understood")]
    [InlineData(Request + "dispenseRequest.validityPeriod", "{\"start\":\"2026-02-01\",\"end\":\"2026-01-01\"}", "ends before it starts")]
    public void MedicationRequest_Changed_IsRefused(string path, string? json, string message, string? at = null) =>
        Refused(path, json, message, at);

    [Theory]
    [InlineData(Medication + "status", "\"entered-in-error\"", "entered-in-error is not understood, only active")]
    [InlineData(Medication + "code", null, "has neither code nor ingredient", "entry[2].resource")]
    [InlineData(Medication + "code", "{\"id\":\"1\"}", "has neither coding nor text")]
    [InlineData(Medication + "code.coding[0]", "{\"system\":\"https://fhir.kbv.de/CodeSystem/KBV_CS_ERP_Medication_Type\",\"code\":\"neu\"}", "neu is not understood", Medication + "code.coding[0].code")]
    [InlineData(Medication + "ingredient", "[{\"itemReference\":{\"reference\":\"Medication/1\"}}]", "does not begin with #, and only contained ingredients are understood", Medication + "ingredient[0].itemReference.reference")]
    [InlineData(Medication + "ingredient", "[{\"itemReference\":{\"reference\":\"#1\"}}]", "#1 names no contained Medication", Medication + "ingredient[0].itemReference.reference")]
    [InlineData(Medication + "contained", "[{\"resourceType\":\"Substance\"}]", "Substance is not understood", Medication + "contained[0].resourceType")]
    [InlineData(Patient + "resourceType", "\"Group\"", "Group is not understood")]
    [InlineData(Patient + "resourceType", "7", "is not a string")]
    [InlineData(Patient + "active", "false", "false is not understood, only true")]
    [InlineData(Patient + "deceasedDateTime", "\"2025-01-01\"", "2025-01-01 is not understood, only its absence")]
    [InlineData(Patient + "name[0].modifierExtension", "[{\"url\":\"u\"}]", "changes the meaning, and no modifier extension is understood")]
    [InlineData(Practitioner + "identifier", null, "is missing")]
    [InlineData(Practitioner + "identifier[0].use", "\"old\"", "has none that is in use", Practitioner + "identifier")]
    [InlineData(Organization + "name", null, "is missing")]
    [InlineData(Organization + "identifier[0].system", null, "is missing")]
    [InlineData(Coverage + "status", "\"cancelled\"", "cancelled is not understood, only active")]
    [InlineData(Coverage + "payor[0].identifier", null, "is missing")]
    [InlineData(Coverage + "beneficiary", null, "is missing")]
    [InlineData("entry[7]", "{\"fullUrl\":\"" + OrganizationUrl + "\",\"resource\":{\"resourceType\":\"Organization\",\"id\":\"x\"}}", OrganizationUrl + " names two resources", "entry[7].fullUrl")]
    public void OtherResource_Changed_IsRefused(string path, string? json, string message, string? at = null) =>
        Refused(path, json, message, at);

    [Theory]
    [InlineData("[0].url", null, "is missing", "[0].url")]
    [InlineData("[0].valueBoolean", null, "is missing", "[0].valueBoolean")]
    [InlineData("[0].valueBoolean", "false", "is given, but Kennzeichen says that this is no repeat", "[1]")]
    [InlineData("[0]", null, "lacks Kennzeichen", "")]
    [InlineData("[1]", null, "lacks Nummerierung", "")]
    [InlineData("[2]", null, "lacks Zeitraum", "")]
    [InlineData("[3]", null, "lacks ID", "")]
    [InlineData("[4]", "{\"url\":\"ID\",\"valueIdentifier\":{\"value\":\"2\"}}", "ID is given twice", "[4]")]
    [InlineData("[1].valueRatio.numerator.value", "4", "4 is more than 3", "[1].valueRatio.numerator.value")]
    [InlineData("[1].valueRatio.denominator.value", "65", "65 is more than 64", "[1].valueRatio.denominator.value")]
    [InlineData("[1].valueRatio.denominator.value", "1", "1 is not a number of repeats", "[1].valueRatio.denominator.value")]
    [InlineData("[2].valuePeriod.start", null, "is missing", "[2].valuePeriod.start")]
    [InlineData("[2].valuePeriod.end", "\"2026-01-04\"", "ends before it starts", "[2].valuePeriod")]
    [InlineData("[3].valueIdentifier.value", "\"order 7\"", "order 7 is not a UUID", "[3].valueIdentifier.value")]
    public void Repeat_Changed_IsRefused(string path, string? json, string message, string at)
    {
        const string Details = Request + "extension[1].extension";
        Refused(Details + path, json, message, Details + at, "repeat-1-of-3");
    }

    private static void Refused(string path, string? json, string message, string? at, string sample = "single-pack")
    {
        var document = JsonEdit.Set(FhirSamples.Prescription(sample, FhirSamples.IssuedOn), "entry[5].fullUrl", $"\"{OrganizationUrl}\"");
        document = JsonEdit.Set(document, path, json);
        var read = FhirReader.TryReadPrescription(document, FhirOptions.Default, out _, out var error);
        Assert.False(read, "was read");
        Assert.Equal($"$.{at ?? path}: {message}", error!.ToString());
    }
}
