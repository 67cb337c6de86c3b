using System.Text.RegularExpressions;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Demo;

/// <summary>The demo as a newcomer runs it, and what the documentation says to try with its directories.</summary>
[Collection(DemoCollection.Name)]
public sealed partial class DemoTests(DemoRun demo)
{
    private string Tiles => Path.Combine(demo.Root, "tiles");

    [Fact]
    public void Demo_TellsTheStoryWithItsRefusals_AndSucceeds()
    {
        demo.Finished.Expect(0);
        Assert.Equal("", demo.Finished.Error);
        string[] refusals = ["CLAIMED_BY_ANOTHER", "UNITS_EXCEEDED", "CANCELLED", "NOT_YET_VALID"];
        Assert.All(refusals, refusal => Assert.Contains($"REFUSED {refusal}", demo.Finished.Output, StringComparison.Ordinal));
        Assert.Contains("One bit changed in a copy", demo.Finished.Output, StringComparison.Ordinal);
        Assert.Contains("Everything happened as it should", demo.Finished.Output, StringComparison.Ordinal);
        Assert.All(DemoRun.Members, member => Assert.Matches($@"{member} +[0-9]+ leaves, root \S+, 3 cosignatures", demo.Finished.Output));
    }

    [Fact]
    public void Verify_OfEveryMembersDirectory_Passes() =>
        Assert.All(DemoRun.Members, member => demo.Verify(Path.Combine(demo.Data, member)).Expect(0));

    [Fact]
    public void Trace_OfThePrescriptionThatTheDemoNames_TellsTheSameByEveryMember()
    {
        string id = TraceCommand().Match(demo.Finished.Output).Groups[1].Value;
        string[] stories = [.. DemoRun.Members.Select(member =>
        {
            string said = Programs.RunAuditor("trace", Path.Combine(demo.Data, member), id).Expect(0).Output;
            return said[said.IndexOf("  status", StringComparison.Ordinal)..said.IndexOf("  not checked", StringComparison.Ordinal)];
        })];
        Assert.Single(stories.Distinct());
        Assert.Matches("Issue .+Accepted", stories[0]);
        Assert.Matches("Claim .+ClaimedByAnother", stories[0]);
        Assert.Matches("Dispense .+Accepted", stories[0]);
        Programs.RunAuditor("trace", Path.Combine(demo.Data, "hospital"), "not-an-id").Expect(2);
    }

    [Fact]
    public void Export_WritesTilesThatVerify_AndAnAlteredSignatureInThemIsFound()
    {
        Programs.RunAuditor("export", Path.Combine(demo.Data, "regulator"), "--out", Tiles).Expect(0);
        demo.Verify(Tiles).Expect(0);
        string bundle = Directory.EnumerateFiles(Path.Combine(Tiles, "tile", "entries"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        byte[] bytes = File.ReadAllBytes(bundle);
        var (leaf, signature) = FirstSignature(bytes);
        bytes[signature] ^= 1;
        File.WriteAllBytes(bundle, bytes);

        var found = demo.Verify(Tiles).Expect(1);

        Assert.StartsWith("TAMPERED", found.Output, StringComparison.Ordinal);
        Assert.Contains(bundle, found.Output, StringComparison.Ordinal);
        Assert.Matches($@"leaf +{leaf}\n", found.Output);
    }

    [Fact]
    public void Verify_OfACopyWithOneByteChanged_NamesTheFile()
    {
        string copy = demo.Copy("pharmacy-north", "one-byte");
        string segment = Path.Combine(copy, "log", "00000000.seg");
        byte[] bytes = File.ReadAllBytes(segment);
        bytes[Array.FindLastIndex(bytes, b => b != 0) / 3] ^= 0x10;
        File.WriteAllBytes(segment, bytes);

        Assert.Contains(segment, demo.Verify(copy).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfACopyWithoutItsTail_SaysThatTheTailIsGone()
    {
        string copy = demo.Copy("pharmacy-south", "no-tail");
        string segment = Path.Combine(copy, "log", "00000000.seg");
        byte[] bytes = File.ReadAllBytes(segment);
        int used = Array.FindLastIndex(bytes, b => b != 0);
        bytes.AsSpan(used - used / 10).Clear();
        File.WriteAllBytes(segment, bytes);

        Assert.StartsWith("TAMPERED", demo.Verify(copy).Expect(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfACopyWithAnAlteredCosignature_NamesTheCosigner()
    {
        string copy = demo.Copy("hospital", "checkpoint");
        string path = Path.Combine(copy, "checkpoint"), text = File.ReadAllText(path);
        int at = text.LastIndexOf("— ", StringComparison.Ordinal);
        at = text.IndexOf(' ', at + 2) + 40;
        File.WriteAllText(path, $"{text[..at]}{(text[at] == 'A' ? 'B' : 'A')}{text[(at + 1)..]}");

        Assert.Contains("the signature of", demo.Verify(copy).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Demo_Misused_IsRefused()
    {
        Programs.RunNode("demo", "--data", demo.Data).ExpectRefusal("is not empty");
        Programs.RunNode("demo", "--prescriptions", "3").ExpectRefusal("14 to 10,000");
    }

    /// <summary>The first event of an entry bundle: its leaf, and where one of its signatures ends.</summary>
    private static (long Leaf, int Offset) FirstSignature(byte[] bundle)
    {
        for (int at = 0, leaf = 0; at < bundle.Length; leaf++)
        {
            int size = bundle[at] << 8 | bundle[at + 1];
            var bytes = bundle.AsMemory(at + 2, size);
            if (EventLeaf.TryParse(bytes, out var parsed) && SignedEvent.TryParse(parsed.Envelope, out _, out _))
                return (leaf, at + 2 + size - 10);
            at += 2 + size;
        }
        throw new InvalidDataException("no event in the first bundle");
    }

    [GeneratedRegex(@"\$ rxaudit trace \S+ ([0-9a-f]{32})")]
    private static partial Regex TraceCommand();
}
