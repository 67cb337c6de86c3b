using System.Diagnostics;
using System.Globalization;
using System.Text;
using RxChain.Interop;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Interop;

/// <summary>Good documents, broken at random: about two seconds, or as long as RXCHAIN_FUZZ_SECONDS says;
/// RXCHAIN_FUZZ_SEED repeats a run.</summary>
public sealed class FhirFuzzTests(ITestOutputHelper output)
{
    private const long MaxAllocatedBytes = 64L << 20;

    private static readonly string[] _values =
    [
        "null", "true", "{}", "[]", "[[]]", "\"\"", "0", "-1", "1.5", "1e400", "99999999999999999999", "\"\\ud800\"", "\"9999-12-31\"",
        "\"0001-01-01T00:00:00+14:00\"", "{\"reference\":\"#\"}", "{\"reference\":\"urn:uuid:\"}", "{\"resourceType\":\"Medication\"}", "NaN",
    ];

    [Fact]
    public void Readers_OnBrokenDocuments_AnswerWithOneErrorAtMost()
    {
        var seed = Setting("RXCHAIN_FUZZ_SEED", Environment.TickCount);
        var seconds = Setting("RXCHAIN_FUZZ_SECONDS", 2);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var corpus = Corpus();
        var errors = new HashSet<string>();
        var (runs, read, watch) = (0, 0, Stopwatch.StartNew());
        for (; watch.Elapsed.TotalSeconds < seconds; runs++)
        {
            var document = corpus[random.Next(corpus.Count)];
            for (var i = random.Next(1, 4); i > 0; i--) document = Mutate(document, random);
            if (Check(document, errors, $"seed {seed}, run {runs}")) read++;
        }

        output.WriteLine($"{runs} documents, {read} still readable, {errors.Count} different errors");
    }

    private static bool Check(byte[] document, HashSet<string> errors, string run)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var prescription = FhirReader.TryReadPrescription(document, FhirOptions.Default, out _, out var one);
        var dispense = FhirReader.TryReadDispense(document, FhirOptions.Default, out _, out var two);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxAllocatedBytes, run);
        Assert.False(prescription && dispense, run);
        Assert.All([one, two], error => Assert.True(error is null || IsFitForALog(error), $"{run}: {error}"));
        Assert.Equal((prescription, dispense), (one is null, two is null));
        if (one is not null && two is not null) errors.UnionWith([one.ToString(), two.ToString()]);
        return prescription || dispense;
    }

    private static bool IsFitForALog(FhirError error) =>
        error.Path.StartsWith('$') && error.ToString().Length < 5_000 && error.ToString().All(c => c is >= ' ' and <= '~');

    private static byte[] Mutate(byte[] document, Random random)
    {
        if (document.Length == 0) return document;
        var (at, to) = (random.Next(document.Length), random.Next(document.Length));
        (at, to) = (Math.Min(at, to), Math.Max(at, to));
        to = Math.Min(to, at + 2_000);
        switch (random.Next(6))
        {
            case 0:
                document = [.. document];
                document[at] ^= (byte)(1 << random.Next(8));
                return document;
            case 1: return document[..at];
            case 2: return [.. document.AsSpan(0, at), .. document.AsSpan(to)];
            case 3: return [.. document.AsSpan(0, to), .. document.AsSpan(at)];
            default: return ReplaceValue(document, at, random);
        }
    }

    /// <summary>Puts an odd value in the place of the next value after a colon.</summary>
    private static byte[] ReplaceValue(byte[] document, int at, Random random)
    {
        var colon = document.AsSpan(at).IndexOf((byte)':');
        if (colon < 0) return document;
        var start = at + colon + 1;
        var length = document.AsSpan(start).IndexOfAny((byte)',', (byte)'\n');
        if (length < 0) return document;
        return [.. document.AsSpan(0, start), .. Encoding.UTF8.GetBytes(_values[random.Next(_values.Length)]), .. document.AsSpan(start + length)];
    }

    private static List<byte[]> Corpus()
    {
        var samples = FhirSamples.Names.SelectMany(n => (byte[][])[FhirSamples.Prescription(n, FhirSamples.IssuedOn), .. FhirSamples.Dispenses(n, FhirSamples.IssuedOn)]);
        var real = FhirData.Cases.SelectMany(c => (byte[][])[FhirData.PrescriptionOf(c), FhirData.DispenseOf(c)]);
        return [.. samples, .. real];
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
