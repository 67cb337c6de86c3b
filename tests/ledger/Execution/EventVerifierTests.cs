using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>What verification says of an event's signatures.</summary>
public sealed class EventVerifierTests : IDisposable
{
    private readonly KeyDirectory _keys = new();
    private readonly Story _story = new();

    public EventVerifierTests()
    {
        foreach (string label in new[] { FixedNetwork.Hospital, FixedNetwork.PharmacyA, FixedNetwork.Regulator, Story.Prescriber })
            _keys.Add(FixedKeys.PublicKey(label));
    }

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void Check_GoodSignatures_Valid() => Assert.Equal(SignatureVerdict.Valid, Check(_story.Issue("rx-1").Bytes.ToArray()));

    [Fact]
    public void Check_SignaturesSwapped_Invalid() =>
        Assert.Equal(SignatureVerdict.Invalid, Check(Story.Envelope(_story.Issue("rx-1").Event, Story.Prescriber, FixedNetwork.Hospital)));

    [Fact]
    public void Check_HighS_Invalid()
    {
        byte[] bytes = _story.Issue("rx-1").Bytes.ToArray();
        byte[] highS = [.. bytes[..^64], .. FixedKeys.HighS(bytes.AsSpan(bytes.Length - 64))];
        Assert.Equal(SignatureVerdict.Invalid, Check(highS));
    }

    [Fact]
    public void Check_AnyBitOfASignatureFlipped_Invalid()
    {
        byte[] bytes = _story.Close("rx-1").Bytes.ToArray();
        for (int bit = 0; bit < 512; bit += 37)
        {
            byte[] flipped = [.. bytes];
            flipped[bytes.Length - 64 + bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal(SignatureVerdict.Invalid, Check(flipped));
        }
    }

    [Fact]
    public void Check_KeyNotInTheDirectory_KeyUnknown()
    {
        var e = _story.Close("rx-1").Event.Clone();
        e.KeyIds[0] = ByteString.CopyFrom(FixedKeys.KeyIdOf("nobody"));
        Assert.Equal(SignatureVerdict.KeyUnknown, Check(Story.Envelope(e, "nobody")));
    }

    [Fact]
    public void Check_ProofOfPossessionOfAnotherKey_Invalid()
    {
        var e = _story.Register("dr-who", Profession.Prescriber, FixedNetwork.Hospital).Event.Clone();
        e.RegisterPractitioner.PublicKey = ByteString.CopyFrom(FixedKeys.PublicKey("dr-strange"));
        Assert.Equal(SignatureVerdict.Invalid, Check(Story.Envelope(e, FixedNetwork.Regulator)));
    }

    [Fact]
    public void CheckStatement_ClaimAndCancel_EachForItsOwnActOnly()
    {
        var claim = _story.Claim("rx-1").Event;
        Assert.True(EventVerifier.CheckStatement(claim));
        Assert.True(EventVerifier.CheckStatement(_story.PatientCancel("rx-2").Event));
        Assert.False(EventVerifier.CheckStatement(_story.Close("rx-1").Event));
        var elsewhere = claim.Clone();
        elsewhere.Organisation = FixedNetwork.PharmacyB;
        Assert.False(EventVerifier.CheckStatement(elsewhere));
        var highS = claim.Clone();
        highS.Claim.Token.Signature = ByteString.CopyFrom(FixedKeys.HighS(claim.Claim.Token.Signature.Span));
        Assert.False(EventVerifier.CheckStatement(highS));
    }

    private SignatureVerdict Check(byte[] envelope) => new EventVerifier(_keys).Check(Story.Parse(envelope)).Verdict;
}
