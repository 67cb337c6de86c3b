using System.Text;
using RxChain.Interop;

namespace RxChain.Ledger.Tests.Interop;

/// <summary>What a prescription says, on samples changed in one place.</summary>
public sealed class FhirPrescriptionTests
{
    private const string Request = "entry[1].resource.";

    [Theory]
    [InlineData("entry[4].resource.id", "\"another\"")] // fullUrl still names it.
    [InlineData("entry[7]", """{"resource":{"resourceType":"Practitioner","id":"nobody"}}""")]
    [InlineData("entry[3].resource.extension", """[{"url":"https://example.org/unknown","valueString":"x"}]""")]
    [InlineData("entry[3].resource.maritalStatus", """{"text":"unknown"}""")]
    [InlineData(Request + "_authoredOn", """{"extension":[{"url":"u","valueString":"x"}]}""")]
    [InlineData(Request + "dispenseRequest.quantity.value", "1.0")]
    [InlineData(Request + "dispenseRequest.numberOfRepeatsAllowed", "0")]
    [InlineData(Request + "doNotPerform", "false")]
    [InlineData(Request + "requester", null)]
    public void Change_ThatFhirLetsAReceiverIgnore_ChangesNothing(string path, string? json)
    {
        var (before, after) = (Read(Sample("single-pack")), Read(JsonEdit.Set(Sample("single-pack"), path, json)));
        Assert.Equal(before.Lines[0].Units, after.Lines[0].Units);
        Assert.Equal(before.Window, after.Window);
        Assert.Equal(before.Practitioners[0].Identifiers, after.Practitioners[0].Identifiers);
    }

    [Fact]
    public void Authored_IsTheCompositionsTime_OrElseTheBundles()
    {
        Assert.Equal(Ms("2026-01-05T08:20:00Z"), Read(Sample("single-pack")).AuthoredMs);
        var dated = JsonEdit.Set(Sample("single-pack"), "entry[0].resource.date", "\"2026-01-05\"");
        Assert.Equal(Ms("2026-01-05T08:55:00Z"), Read(dated).AuthoredMs);
    }

    [Theory]
    [InlineData("\"2026-01-05\"", "2026-01-04T23:00:00Z", "2026-02-02T23:00:00Z")]
    [InlineData("\"2026-01-05T23:30:00Z\"", "2026-01-05T23:00:00Z", "2026-02-03T23:00:00Z")] // The 6th in Berlin.
    [InlineData("\"2026-03-10\"", "2026-03-09T23:00:00Z", "2026-04-07T22:00:00Z")] // Ends in summer time.
    [InlineData("\"2026-10-10\"", "2026-10-09T22:00:00Z", "2026-11-07T23:00:00Z")]
    [InlineData(null, "2026-01-04T23:00:00Z", "2026-02-02T23:00:00Z")] // Then the document's date counts.
    public void Window_Unstated_EndsWithThe28thDayAfterAuthoredOn(string? authoredOn, string notBefore, string notAfter)
    {
        var prescription = Read(JsonEdit.Set(Sample("single-pack"), Request + "authoredOn", authoredOn));
        Assert.Equal(new FhirWindow(Ms(notBefore), Ms(notAfter)), prescription.Window);
    }

    [Fact]
    public void Window_FollowsTheOptions()
    {
        var options = FhirOptions.Default with { ValidDays = 2, TimeZone = TimeZoneInfo.Utc };
        Assert.Equal(new FhirWindow(Ms("2026-01-05T00:00:00Z"), Ms("2026-01-08T00:00:00Z")), Read(Sample("single-pack"), options).Window);
    }

    [Fact]
    public void Window_OfValidityPeriod_IncludesItsLastDay()
    {
        var document = JsonEdit.Set(Sample("single-pack"), Request + "dispenseRequest.validityPeriod", """{"start":"2026-01-10","end":"2026-01-20"}""");
        Assert.Equal(new FhirWindow(Ms("2026-01-09T23:00:00Z"), Ms("2026-01-20T23:00:00Z")), Read(document).Window);
    }

    [Fact]
    public void Window_OfARepeatWithoutEnd_LastsAYearFromIssue()
    {
        var prescription = Read(Sample("repeat-3-of-3"));
        Assert.Equal(new FhirWindow(Ms("2026-06-18T22:00:00Z"), Ms("2027-01-05T23:00:00Z")), prescription.Window);
        Assert.Equal((3u, 3u), (prescription.Repeat!.Number, prescription.Repeat.Of));
    }

    [Fact]
    public void Lines_WithDifferentTerms_AreRefused()
    {
        var document = JsonEdit.Set(Sample("two-lines"), "entry[2].resource.authoredOn", "\"2026-01-06\"");
        Assert.False(FhirReader.TryReadPrescription(document, FhirOptions.Default, out _, out var error));
        Assert.Equal("$.entry[2].resource: has another window than the first line", error.ToString());
    }

    [Fact]
    public void Line_ThatNoSectionLists_IsRefused()
    {
        var document = JsonEdit.Set(Sample("two-lines"), "entry[0].resource.section[0].entry[1]", null);
        Assert.False(FhirReader.TryReadPrescription(document, FhirOptions.Default, out _, out var error));
        Assert.Equal("$.entry[2].resource: is listed in no section of the Composition", error.ToString());
    }

    [Fact]
    public void Line_ForAnotherPatient_IsRefused()
    {
        var document = JsonEdit.Set(Sample("two-lines"), "entry[9]", """{"resource":{"resourceType":"Patient","id":"other"}}""");
        document = JsonEdit.Set(document, "entry[2].resource.subject.reference", "\"Patient/other\"");
        Assert.False(FhirReader.TryReadPrescription(document, FhirOptions.Default, out _, out var error));
        Assert.Equal("$.entry[2].resource.subject: is another patient than the Composition's", error.ToString());
    }

    [Fact]
    public void Requester_WhoIsNeitherAuthorNorAttester_IsRefused()
    {
        var document = JsonEdit.Set(Sample("single-pack"), "entry[7]", """{"resource":{"resourceType":"Practitioner","id":"other"}}""");
        document = JsonEdit.Set(document, Request + "requester.reference", "\"Practitioner/other\"");
        Assert.False(FhirReader.TryReadPrescription(document, FhirOptions.Default, out _, out var error));
        Assert.Equal("$.entry[1].resource.requester: is neither the author nor the legal attester of the document", error.ToString());
    }

    [Fact]
    public void Medication_GivenAsAConcept_IsItsCode()
    {
        var document = JsonEdit.Set(Sample("single-pack"), Request + "medicationReference", null);
        var line = Read(JsonEdit.Set(document, Request + "medicationCodeableConcept", """{"text":"Velorin"}""")).Lines[0];
        Assert.Equal(MedicationKind.FreeText, line.Kind);
        Assert.Contains("""
            "medication":{"code":{"text":"Velorin"}}
            """, Encoding.UTF8.GetString(line.Content.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-03-30T00:59:59Z", 1)]
    [InlineData("2025-03-30T01:00:00Z", 2)]
    [InlineData("2025-10-26T00:59:59Z", 2)]
    [InlineData("2025-10-26T01:00:00Z", 1)]
    [InlineData("2031-03-30T01:00:00Z", 2)]
    public void CentralEuropeanTime_ChangesOnTheLastSundays(string utc, int hours)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Ms(utc));
        Assert.Equal(TimeSpan.FromHours(hours), CentralEuropeanTime.Zone.GetUtcOffset(time));
    }

    [Fact]
    public void Content_IsTheSame_HoweverTheJsonIsWritten()
    {
        var written = Read(Sample("single-pack")).Lines[0].Content.ToArray();
        var compact = Read(JsonEdit.Set(Sample("single-pack"), "entry[2].resource.id", null));
        Assert.NotEqual(written, compact.Document.ToArray());
        Assert.Equal(
            """
            {"dosageInstruction":[{"text":"1-0-0-0"}],"medication":{"amount":{"denominator":{"value":1},"numerator":{"extension":[{"url":"https://fhir.kbv.de/StructureDefinition/KBV_EX_ERP_Medication_PackagingSize","valueString":"30"}],"unit":"tablets"}},"code":{"coding":[{"code":"90010017","system":"https://rxchain.example/fhir/CodeSystem/product"}],"text":"Velorin 10 mg, 30 tablets"},"form":{"text":"tablets"},"resourceType":"Medication"},"quantity":{"code":"{Package}","system":"http://unitsofmeasure.org","unit":"pack","value":1},"substitution":{"allowedBoolean":true}}
            """,
            Encoding.UTF8.GetString(written));
        Assert.Equal(written, compact.Lines[0].Content.ToArray());
    }

    private static byte[] Sample(string name) => FhirSamples.Prescription(name, FhirSamples.IssuedOn);

    private static long Ms(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static FhirPrescription Read(byte[] document, FhirOptions? options = null)
    {
        Assert.True(FhirReader.TryReadPrescription(document, options ?? FhirOptions.Default, out var prescription, out var error), error?.ToString());
        return prescription;
    }
}
