using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Tlog;

public class CheckpointTests(ITestOutputHelper output)
{
    private const string Root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    [Fact]
    public void TryParse_SpecificationExample_HasItsParts()
    {
        var checkpoint = TestLog.Parse(PublishedNotes.BehindTheSofa).Checkpoint;
        Assert.Equal(("example.com/behind-the-sofa", 20852163, Root), (checkpoint.Origin, checkpoint.Size, checkpoint.Root.ToBase64()));
        Assert.Empty(checkpoint.Extensions);
        Assert.Equal(checkpoint, new Checkpoint(checkpoint.Origin, checkpoint.Size, checkpoint.Root));
    }

    [Fact]
    public void TryParse_ExtensionLines_AreKept()
    {
        string text = $"o\n1\n{Root}\nmore\nand more\n";
        Assert.True(Checkpoint.TryParse(text, out var checkpoint, out _));
        Assert.Equal(["more", "and more"], checkpoint.Extensions);
        Assert.Equal(text, checkpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("o\n1\n")]
    [InlineData("o\n1\n" + Root)]
    [InlineData("\n1\n" + Root + "\n")]
    [InlineData("o\n\n" + Root + "\n")]
    [InlineData("o\n01\n" + Root + "\n")]
    [InlineData("o\n+1\n" + Root + "\n")]
    [InlineData("o\n-1\n" + Root + "\n")]
    [InlineData("o\n 1\n" + Root + "\n")]
    [InlineData("o\n\u0661\n" + Root + "\n")]
    [InlineData("o\n9223372036854775808\n" + Root + "\n")]
    [InlineData("o\n0\n" + Root + "\n")]
    [InlineData("o\n1\n" + Root + " \n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx\n")]
    [InlineData("o\n1\n" + Root + "\n\nx\n")]
    [InlineData("o\r\n1\n" + Root + "\n")]
    public void TryParse_MalformedCheckpoint_IsRefused(string text)
    {
        Assert.False(Checkpoint.TryParse(text, out _, out string? error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void Constructor_ImpossibleCheckpoint_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Checkpoint("", 1, default));
        Assert.Throws<ArgumentException>(() => new Checkpoint("a\nb", 1, default));
        Assert.Throws<ArgumentException>(() => new Checkpoint("a", -1, default));
        Assert.Throws<ArgumentException>(() => new Checkpoint("a", 0, default));
        Assert.Equal(0, new Checkpoint("a", 0, Rfc6962.EmptyRoot).Size);
    }

    [Fact]
    public void VerifyLine_RealCosignatures_VerifyWithTheirTime()
    {
        var note = TestLog.Parse(PublishedNotes.Arche).Note;
        byte[] text = TestLog.Utf8(note.Text);
        foreach (var (key, line) in PublishedNotes.WitnessKeys.Select(TestLog.VKey).Zip(note.Signatures.Skip(2)))
            Assert.Equal(0x6a122120, NoteVerifier.VerifyLine(key, text, line)?.Timestamp);
        Assert.NotNull(NoteVerifier.VerifyLine(TestLog.VKey(PublishedNotes.ArcheKey), text, note.Signatures[1]));
    }

    [Fact]
    public void VerifyLine_OtherTimeTextOrLength_DoesNotVerify()
    {
        var cosigner = TestLog.Cosigner(1);
        var checkpoint = new Checkpoint(TestLog.Origin, 5, TestLog.Root(5));
        var line = cosigner.Sign(checkpoint, 1_700_000_000);
        byte[] text = TestLog.Utf8(checkpoint.ToString());
        Assert.Equal(1_700_000_000, NoteVerifier.VerifyLine(cosigner.VerifierKey, text, line)?.Timestamp);
        byte[] bytes = line.Signature.ToArray();
        for (int i = 0; i < bytes.Length; i++)
            AssertRefused([.. bytes[..i], (byte)(bytes[i] ^ 0x80), .. bytes[(i + 1)..]]);
        AssertRefused(bytes[..^1]);
        AssertRefused([.. bytes, 0]);
        AssertRefused(bytes[8..]);
        Assert.Null(NoteVerifier.VerifyLine(cosigner.VerifierKey, [.. text, (byte)'\n'], line));

        void AssertRefused(byte[] signature) =>
            Assert.Null(NoteVerifier.VerifyLine(cosigner.VerifierKey, text, line with { Signature = signature }));
    }

    [Fact]
    public void TryParse_Fuzzed_NeverThrowsAndRoundTrips() =>
        Fuzz.Run(output, [TestLog.Utf8(PublishedNotes.BehindTheSofa), TestLog.Utf8($"o\n1\n{Root}\nmore\n\n— a AAAAAAE=\n")], bytes =>
        {
            if (SignedCheckpoint.TryParse(bytes, out var checkpoint, out _))
                Assert.Equal(bytes, checkpoint.ToBytes());
        });
}
