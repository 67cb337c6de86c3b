using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Tlog;

public class TlogProofTests(ITestOutputHelper output)
{
    // C2SP tlog-proof's example; its signatures are abbreviated there, so the line here is another one.
    private const string Published =
        "c2sp.org/tlog-proof@v1\n" +
        "extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ\n" +
        "index 73894\n" +
        "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n" +
        "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n" +
        "EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n" +
        "RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n" +
        "AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n" +
        "\n" +
        "example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n— example.com/fancylog AAAAAAE=\n";

    private readonly TestLog _log = new();

    [Fact]
    public void TryParse_SpecificationExample_HasItsPartsAndRoundTrips()
    {
        var proof = Parse(Published);
        Assert.Equal((73894, 5, 109482), (proof.Index, proof.Hashes.Count, proof.Checkpoint.Checkpoint.Size));
        Assert.Equal(Published, proof.ToString());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 4)]
    [InlineData(700, 300)]
    public void VerifyInclusion_Receipt_HoldsForItsLeafAlone(int size, int index)
    {
        var tiles = new TileReader(size, TestLog.Source(TestLog.Tiles(size)));
        Assert.True(MerkleProver.TryProveInclusion(index, size, tiles.ReadNode, out var hashes));
        var made = new TlogProof(index, hashes, _log.Sign(new Checkpoint(TestLog.Origin, size, TestLog.Root(size))));
        var proof = Parse(made.ToString());
        Assert.Equal(made.ToBytes(), proof.ToBytes());
        Assert.True(proof.Extra.IsEmpty);
        Assert.True(proof.VerifyInclusion(Rfc6962.LeafHash(TestLog.Entry(index))));
        Assert.False(proof.VerifyInclusion(Rfc6962.LeafHash(TestLog.Entry(index + 1))));
    }

    [Fact]
    public void TryParse_ExtraData_IsKept()
    {
        var checkpoint = _log.Sign(new Checkpoint(TestLog.Origin, 1, TestLog.Root(1)));
        var proof = Parse(new TlogProof(0, [], checkpoint, new byte[] { 1, 2, 3 }).ToString());
        Assert.Equal([1, 2, 3], proof.Extra.ToArray());
    }

    [Theory]
    [InlineData("@v1", "@v2")]
    [InlineData("c2sp", "C2SP")]
    [InlineData("index 0", "index 00")]
    [InlineData("index 0", "index -1")]
    [InlineData("index 0", "index  0")]
    [InlineData("index 0", "Index 0")]
    [InlineData("index 0\n", "")]
    [InlineData("index 0", "extra \nindex 0")]
    [InlineData("index 0", "extra AQ\nindex 0")]
    [InlineData("index 0", "extra AQ==\nextra AQ==\nindex 0")]
    [InlineData("index 0", "index 0\nAQ==")]
    [InlineData("index 0\n\n", "index 0\n")]
    [InlineData("index 0\n", "index 0\r\n")]
    [InlineData("index 0\n\n", "index 0\n\n\n")]
    public void TryParse_MalformedProof_IsRefused(string part, string replacement)
    {
        string text = new TlogProof(0, [], _log.Sign(new Checkpoint(TestLog.Origin, 1, TestLog.Root(1)))).ToString();
        Parse(text);
        string bad = text.Replace(part, replacement, StringComparison.Ordinal);
        Assert.NotEqual(text, bad);
        Assert.False(TlogProof.TryParse(TestLog.Utf8(bad), out _, out string? error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void TryParse_MoreHashesThanAnyTreeNeeds_IsRefused()
    {
        string hash = default(Hash32).ToBase64() + "\n";
        string text = new TlogProof(0, [], _log.Sign(new Checkpoint(TestLog.Origin, 1, TestLog.Root(1)))).ToString();
        string With(int count) => text.Replace("index 0\n", "index 0\n" + string.Concat(Enumerable.Repeat(hash, count)), StringComparison.Ordinal);
        Parse(With(64));
        Assert.False(TlogProof.TryParse(TestLog.Utf8(With(65)), out _, out _));
    }

    [Fact]
    public void TryParse_Fuzzed_NeverThrowsAndRoundTrips() =>
        Fuzz.Run(output, [TestLog.Utf8(Published)], bytes =>
        {
            if (TlogProof.TryParse(bytes, out var proof, out _))
            {
                Assert.Equal(bytes, proof.ToBytes());
                proof.VerifyInclusion(default);
            }
        });

    private static TlogProof Parse(string text)
    {
        Assert.True(TlogProof.TryParse(TestLog.Utf8(text), out var proof, out string? error), error);
        return proof;
    }
}
