using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Tlog;

public class SignedNoteTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(PublishedNotes.Example)]
    [InlineData(PublishedNotes.Poem)]
    [InlineData(PublishedNotes.BehindTheSofa)]
    [InlineData(PublishedNotes.Arche)]
    public void TryParse_PublishedNote_RoundTrips(string text)
    {
        Assert.True(SignedNote.TryParse(TestLog.Utf8(text), out var note, out string? error), error);
        Assert.Equal(text, note.ToString());
        Assert.Equal(TestLog.Utf8(text), note.ToBytes());
    }

    [Theory]
    [InlineData(PublishedNotes.ExampleKey, PublishedNotes.Example)]
    [InlineData(PublishedNotes.NeumannKey, PublishedNotes.NeumannText + "\n" + PublishedNotes.NeumannLine + "\n")]
    public void TryVerify_PublishedNote_VerifiesAndNoOtherTextDoes(string vkey, string text)
    {
        var key = TestLog.VKey(vkey);
        Assert.Equal(vkey, key.ToString());
        Assert.True(Verify(text, out var verified, key));
        Assert.Equal(key, Assert.Single(verified).Key);
        Assert.False(Verify(text.Replace("problem", "problem ", StringComparison.Ordinal).Replace("example m", "Example m", StringComparison.Ordinal), out _, key));
    }

    [Fact]
    public void Sign_GoExampleSeed_GivesThePublishedLine()
    {
        using var key = new Ed25519PrivateKey(Convert.FromBase64String(PublishedNotes.NeumannSigner).AsSpan(1));
        var signer = new LogSigner("PeterNeumann", key);
        Assert.Equal(PublishedNotes.NeumannKey, signer.VerifierKey.ToString());
        Assert.Equal(PublishedNotes.NeumannLine, signer.Sign(PublishedNotes.NeumannText).ToString());
    }

    [Fact]
    public void TryVerify_KnownNameOrIdButNotBoth_IsIgnored()
    {
        using var other = TestLog.Key(9);
        var sameName = VerifierKey.Create("example.com/foo", NoteAlgorithm.Ed25519, other.PublicKey);
        Assert.True(Verify(PublishedNotes.Example, out var verified, sameName));
        Assert.Empty(verified);
    }

    [Fact]
    public void TryVerify_SameKeyTwice_CountsOnce()
    {
        var key = TestLog.VKey(PublishedNotes.ExampleKey);
        string line = PublishedNotes.Example.Split("\n\n")[1];
        Assert.True(Verify(PublishedNotes.Example + line, out var verified, key, key));
        Assert.Single(verified);
    }

    [Fact]
    public void TryVerify_OneBadLineOfAKnownKey_RefusesTheNote()
    {
        var key = TestLog.VKey(PublishedNotes.ExampleKey);
        string bad = new NoteSignature(key.Name, key.KeyId, new byte[64]).ToString();
        Assert.False(Verify(PublishedNotes.Example + bad + "\n", out _, key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n— a AAAAAAE=\n")]
    [InlineData("text\n\n— a AAAAAAE=")]
    [InlineData("text\n\n- a AAAAAAE=\n")]
    [InlineData("text\n\n—  AAAAAAE=\n")]
    [InlineData("text\n\n— a+b AAAAAAE=\n")]
    [InlineData("text\n\n— a\u00a0b AAAAAAE=\n")]
    [InlineData("text\n\n— a  AAAAAAE=\n")]
    [InlineData("text\n\n— a AAAAAAE= \n")]
    [InlineData("text\n\n— a AAAAAA==\n")]
    [InlineData("text\n\n— a AAAAAAF=\n")]
    [InlineData("text\n\n— a AAAAAAE\n")]
    [InlineData("text\n\n— a AAAAAAE=\n— b\n")]
    [InlineData("te\rxt\n\n— a AAAAAAE=\n")]
    [InlineData("te\txt\n\n— a AAAAAAE=\n")]
    public void TryParse_MalformedNote_IsRefused(string text)
    {
        Assert.False(SignedNote.TryParse(TestLog.Utf8(text), out _, out string? error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void TryParse_Limits_AreHeld()
    {
        string line = "— a AAAAAAE=\n";
        Assert.True(SignedNote.TryParse(TestLog.Utf8("t\n\n" + Repeat(line, 100)), out _, out _));
        Assert.False(SignedNote.TryParse(TestLog.Utf8("t\n\n" + Repeat(line, 101)), out _, out _));
        Assert.False(SignedNote.TryParse(TestLog.Utf8(new string('t', SignedNote.MaxBytes) + "\n\n" + line), out _, out _));
        Assert.False(SignedNote.TryParse([(byte)'t', 0xFF, .. TestLog.Utf8("\n\n" + line)], out _, out _));
    }

    // golang.org/x/mod/sumdb/note and transparency-dev/formats refuse these too.
    [Theory]
    [InlineData("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==")]
    [InlineData("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3")]
    [InlineData("bananas.sigstore.dev+12344556")]
    [InlineData("rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!")]
    [InlineData("rekor.sigstore.dev+12345678+AwEB")]
    [InlineData("")]
    public void TryParse_MalformedVerifierKey_IsRefused(string vkey)
    {
        Assert.False(VerifierKey.TryParse(vkey, out _, out string? error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void TryParse_AnyPartOfAVerifierKey_IsRefused()
    {
        string vkey = PublishedNotes.NeumannKey;
        for (int start = 0; start < vkey.Length; start++)
        {
            for (int end = start; end <= vkey.Length; end++)
                Assert.Equal(start == 0 && end == vkey.Length, VerifierKey.TryParse(vkey[start..end], out _, out _));
        }
    }

    [Fact]
    public void TryParse_FuzzedNote_NeverThrowsAndRoundTrips() =>
        Fuzz.Run(output, [TestLog.Utf8(PublishedNotes.Poem), TestLog.Utf8(PublishedNotes.Arche)], bytes =>
        {
            if (SignedNote.TryParse(bytes, out var note, out _))
                Assert.Equal(bytes, note.ToBytes());
        });

    [Fact]
    public void TryVerify_FuzzedCosignature_NeverThrowsNorVerifiesOtherText()
    {
        var keys = PublishedNotes.WitnessKeys.Append(PublishedNotes.ArcheKey).Select(TestLog.VKey).ToList();
        string text = PublishedNotes.Arche[..(PublishedNotes.Arche.IndexOf("\n\n", StringComparison.Ordinal) + 1)];
        Fuzz.Run(output, [TestLog.Utf8(PublishedNotes.Arche)], bytes =>
        {
            if (SignedNote.TryParse(bytes, out var note, out _) && NoteVerifier.TryVerify(note, keys, out var verified, out _) && verified.Count > 0)
                Assert.Equal(text, note.Text);
        }, maxAllocatedBytes: 64 << 20);
    }

    [Fact]
    public void TryParse_FuzzedVerifierKey_NeverThrowsAndRoundTrips() =>
        Fuzz.Run(output, [TestLog.Utf8(PublishedNotes.NeumannKey), TestLog.Utf8(PublishedNotes.WitnessKeys[2])], bytes =>
        {
            string text = System.Text.Encoding.UTF8.GetString(bytes);
            if (VerifierKey.TryParse(text, out var key, out _))
                Assert.Equal(text, key.ToString());
        });

    private static bool Verify(string text, out IReadOnlyList<VerifiedSignature> verified, params VerifierKey[] keys)
    {
        Assert.True(SignedNote.TryParse(TestLog.Utf8(text), out var note, out string? error), error);
        bool accepted = NoteVerifier.TryVerify(note, keys, out var found, out error);
        Assert.Equal(accepted, error == null);
        verified = found ?? [];
        return accepted;
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
