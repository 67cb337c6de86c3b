using RxChain.Interop;

namespace RxChain.Ledger.Tests.Interop;

/// <summary>One change to a good dispense record, and the one error that it makes.</summary>
public sealed class FhirDispenseErrorTests
{
    private const string Dispense = "parameter[0].part[0].resource.";
    private const string Medication = "parameter[0].part[1].resource.";
    private const string Second = """
        {"name":"rxDispensation","part":[{"name":"medicationDispense","resource":{"resourceType":"MedicationDispense","status":"completed",
        "identifier":[{"system":"https://rxchain.example/fhir/NamingSystem/prescription-id","value":"NUMBER"}],
        "performer":[{"actor":{"identifier":{"system":"https://rxchain.example/fhir/NamingSystem/pharmacy","value":"PHARMACY"}}}],
        "medicationCodeableConcept":{"text":"x"},"whenHandedOver":"2026-01-05"}}]}
        """;

    [Theory]
    [InlineData("resourceType", "\"Patient\"", "is not MedicationDispense, Parameters or Bundle")]
    [InlineData("resourceType", null, "is missing")]
    [InlineData("parameter", null, "is missing")]
    [InlineData("parameter[0].name", "\"other\"", "other is not rxDispensation")]
    [InlineData("parameter[0].part[0].name", "\"other\"", "other is not medicationDispense or medication")]
    [InlineData("parameter[0].part[0].resource", null, "is missing")]
    [InlineData("parameter[0].part[0].resource", "{\"resourceType\":\"Patient\"}", "is neither MedicationDispense nor Medication")]
    [InlineData("parameter[0].part[0]", null, "holds no MedicationDispense", "")]
    [InlineData(Dispense + "status", "\"in-progress\"", "in-progress is not understood, only completed")]
    [InlineData(Dispense + "identifier", null, "is missing")]
    [InlineData(Dispense + "identifier[0].system", "\"urn:x\"", "names no prescription", Dispense + "identifier")]
    [InlineData(Dispense + "identifier[1]", "{\"system\":\"https://rxchain.example/fhir/NamingSystem/prescription-id\",\"value\":\"2\"}", "names several prescriptions", Dispense + "identifier")]
    [InlineData(Dispense + "performer", null, "is missing")]
    [InlineData(Dispense + "performer[0]", "{\"id\":\"1\"}", "is missing", Dispense + "performer[0].actor")]
    [InlineData(Dispense + "performer[1]", "{\"actor\":{\"id\":\"2\"}}", "has more than one entry, and only one is understood", Dispense + "performer")]
    [InlineData(Dispense + "medicationReference.reference", "\"urn:uuid:none\"", "urn:uuid:none names no Medication of this document")]
    [InlineData(Dispense + "whenHandedOver", null, "is missing, and so is whenPrepared")]
    [InlineData(Dispense + "whenHandedOver", "\"2026-01-05T24:00:00Z\"", "2026-01-05T24:00:00Z is not a date, or a time with its offset, in 1970 to 2199")]
    [InlineData(Dispense + "whenPrepared", "\"2026-01-06\"", "is before whenPrepared", Dispense + "whenHandedOver")]
    [InlineData(Dispense + "quantity", "{\"value\":0}", "0 is not a positive number", Dispense + "quantity.value")]
    [InlineData(Dispense + "quantity", "{\"value\":[1]}", "Array is not a positive number", Dispense + "quantity.value")]
    [InlineData(Dispense + "quantity", "{\"unit\":\"g\"}", "is missing", Dispense + "quantity.value")]
    [InlineData(Dispense + "quantity", "{\"value\":1,\"comparator\":\"<\"}", "changes the meaning and is not understood", Dispense + "quantity.comparator")]
    [InlineData(Dispense + "substitution", "{\"id\":\"1\"}", "is missing", Dispense + "substitution.wasSubstituted")]
    [InlineData(Medication + "code", null, "has neither code nor ingredient", "parameter[0].part[1].resource")]
    public void Record_Changed_IsRefused(string path, string? json, string message, string? at = null) =>
        Refused(JsonEdit.Set(Sample("single-pack"), path, json), at ?? path, message);

    [Theory]
    [InlineData("RX-2026-0002", "PH-12", "names another prescription than the first record")]
    [InlineData("RX-2026-0001", "PH-19", "names another pharmacy than the first record")]
    public void Records_ThatDisagree_AreRefused(string number, string pharmacy, string message)
    {
        var second = Second.Replace("NUMBER", number, StringComparison.Ordinal).Replace("PHARMACY", pharmacy, StringComparison.Ordinal);
        Refused(JsonEdit.Set(Sample("single-pack"), "parameter[1]", second), "parameter[1].part[0].resource", message);
    }

    [Fact]
    public void Bundle_OfAnotherType_IsRefused() =>
        Refused(JsonEdit.Set(Sample("other-pack-sizes"), "type", "\"transaction\""), "type", "transaction is not collection or searchset");

    [Fact]
    public void Bundle_WhoseEntriesShareAnAddress_IsRefused() =>
        Refused(JsonEdit.Set(JsonEdit.Set(Sample("other-pack-sizes"), "entry[0].fullUrl", "\"urn:uuid:same\""), "entry[2].fullUrl", "\"urn:uuid:same\""), "entry[2].fullUrl", "urn:uuid:same names two resources");

    private static byte[] Sample(string name) => FhirSamples.Dispenses(name, FhirSamples.IssuedOn)[0];

    private static void Refused(byte[] document, string at, string message)
    {
        Assert.False(FhirReader.TryReadDispense(document, FhirOptions.Default, out _, out var error), "was read");
        Assert.Equal($"{(at.Length == 0 ? "$" : "$." + at)}: {message}", error!.ToString());
    }
}
