using System.Text;
using RxChain.Interop;

namespace RxChain.Ledger.Tests.Interop;

/// <summary>Bytes that are not what they claim to be.</summary>
public sealed class FhirBytesTests
{
    [Theory]
    [InlineData("", "$: is not JSON of at most 64 levels (line 1, byte 1)")]
    [InlineData("{", "$: is not JSON of at most 64 levels (line 1, byte 2)")]
    [InlineData("{\"a\":NaN}", "$: is not JSON of at most 64 levels (line 1, byte 6)")]
    [InlineData("{\"a\":1,}", "$: is not JSON of at most 64 levels (line 1, byte 8)")]
    [InlineData("{} {}", "$: is not JSON of at most 64 levels (line 1, byte 4)")]
    [InlineData("{}", "$: is an empty object")]
    [InlineData("[]", "$: is an empty array")]
    [InlineData("\"\"", "$: is an empty string")]
    [InlineData("true", "$: is not an object")]
    [InlineData("null", "$: is not an object")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2}}", "$.a.b: is given twice")]
    [InlineData("{\"a\":{\"b\":1,\"\\u0062\":2}}", "$.a.b: is given twice")]
    [InlineData("{\"a\":[{\"b\":null}]}", "$.a[0].b: is null")]
    [InlineData("{\"a\":[1,{}]}", "$.a[1]: is an empty object")]
    [InlineData("{\"a\":1e30}", "$.a: is a number out of range")]
    [InlineData("{\"a\":\"\\ud800\"}", "$.a: is not Unicode")]
    [InlineData("{\"a\":\"\\u0000\"}", "$.a: contains a control character")]
    [InlineData("{\"a\":{\"\\ud800\":1}}", "$.a: has a property whose name FHIR cannot have")]
    [InlineData("{\"a\":{\"b c\":1}}", "$.a: has a property whose name FHIR cannot have")]
    [InlineData("{\"a\":1}", "$.resourceType: is missing")]
    public void Prescription_OfOddText_IsRefused(string json, string expected) =>
        Assert.Equal(expected, Refusal(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Prescription_ThatIsNotUtf8_IsRefused() => Assert.Equal("$: is not UTF-8", Refusal([.. "{\"a\":\""u8, 0xff, .. "\"}"u8]));

    [Fact]
    public void Prescription_OfOneByteMoreThanAllowed_IsRefused()
    {
        var sample = Sample();
        byte[] longest = [.. sample, .. Enumerable.Repeat((byte)' ', FhirReader.MaxSizeBytes - sample.Length)];
        Assert.True(FhirReader.TryReadPrescription(longest, FhirOptions.Default, out _, out _));
        Assert.Equal("$: is larger than 1048576 bytes", Refusal([.. longest, (byte)' ']));
    }

    [Fact]
    public void Prescription_NestedDeeply_IsRefused()
    {
        var deep = Encoding.UTF8.GetBytes(new string('[', 500_000));
        Assert.Equal("$: is not JSON of at most 64 levels (line 1, byte 65)", Refusal(deep));
    }

    [Fact]
    public void Prescription_WithAByteOrderMark_IsRead()
    {
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Sample()];
        Assert.True(FhirReader.TryReadPrescription(marked, FhirOptions.Default, out var prescription, out _));
        Assert.Equal(marked, prescription.Document.ToArray());
    }

    [Theory]
    [InlineData("entry", 257, "$.entry: has more than 256 entries")]
    [InlineData("entry[0].resource.author", 65, "$.entry[0].resource.author: has more than 64 entries")]
    public void Prescription_WithTooManyEntries_IsRefused(string path, int count, string expected)
    {
        var many = $"[{string.Join(',', Enumerable.Repeat("{\"type\":\"Device\"}", count))}]";
        Assert.Equal(expected, Refusal(JsonEdit.Set(Sample(), path, many)));
    }

    [Fact]
    public void Prescription_WithALongText_IsRefused() => Assert.Equal(
        "$.entry[5].resource.name: is longer than 1024 characters",
        Refusal(JsonEdit.Set(Sample(), "entry[5].resource.name", $"\"{new string('x', 1025)}\"")));

    [Fact]
    public void Prescription_WithAHugeMedication_IsRefused() => Assert.Equal(
        "$.entry[2].resource: is larger than 65536 bytes",
        Refusal(JsonEdit.Set(Sample(), "entry[2].resource.form.text", $"\"{new string('x', 65_536)}\"")));

    [Fact]
    public void Prescription_WithNoDateAtAll_IsRefused()
    {
        var undated = JsonEdit.Set(JsonEdit.Set(Sample(), "entry[1].resource.authoredOn", null), "entry[0].resource.date", null);
        Assert.Equal("$.entry[0].resource.date: is missing", Refusal(undated));
    }

    /// <summary>As many properties, levels or lines as a document can hold cost a bounded amount of memory.</summary>
    [Theory]
    [InlineData("{\"resourceType\":\"Bundle\"", ",\"aNUMBER\":1", 90_000, "}")]
    [InlineData("[1", ",{\"a\":\"\\u0061\"}", 65_000, "]")]
    [InlineData("{\"resourceType\":\"Bundle\",\"entry\":[{}", ",{\"resource\":{\"resourceType\":\"Medication\"}}", 19_000, "]}")]
    public void Document_AsLargeAsAllowed_CostsBoundedMemory(string start, string part, int count, string end)
    {
        var parts = Enumerable.Range(0, count).Select(i => part.Replace("NUMBER", $"{i}", StringComparison.Ordinal));
        var document = Encoding.UTF8.GetBytes(start + string.Concat(parts) + end);
        Assert.InRange(document.Length, 800_000, FhirReader.MaxSizeBytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(document);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void Error_QuotesHostileText_ShortAndPrintable() => Assert.Equal(
        $"$.entry[1].resource.status: ?{new string('x', 59)}... is not understood, only active",
        Refusal(JsonEdit.Set(Sample(), "entry[1].resource.status", $"\"\\n{new string('x', 500)}\"")));

    private static byte[] Sample() => FhirSamples.Prescription("single-pack", FhirSamples.IssuedOn);

    private static string Refusal(byte[] bytes)
    {
        Assert.False(FhirReader.TryReadPrescription(bytes, FhirOptions.Default, out _, out var error), "was read");
        return error!.ToString();
    }
}
