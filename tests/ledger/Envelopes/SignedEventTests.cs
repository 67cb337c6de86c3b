using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Envelopes;

/// <summary>An envelope has one encoding and exactly the signatures that its event names.</summary>
public sealed class SignedEventTests(ITestOutputHelper output)
{
    private const int TypeFieldBytes = 34;
    private const int SignatureFieldBytes = 66;
    private static readonly SignedEvent Issue = new Story().Issue("rx-1");
    private static readonly byte[] Bytes = Issue.Bytes.ToArray();

    [Fact]
    public void TryParse_OwnEncoding_GivesWhatWasPutIn()
    {
        byte[] again = SignedEvent.Encode(Issue.Payload.Span, [Issue.Signature(0).ToArray(), Issue.Signature(1).ToArray()]);
        Assert.Equal(Bytes, again);
        Assert.Equal(2, Issue.SignatureCount);
        Assert.Equal(Hash32.Sha256(Dsse.Encode(Dsse.EventType, Issue.Payload.Span)), Issue.EventId);
        Assert.Equal(Hash32.Sha256(Bytes), Issue.EnvelopeHash);
    }

    [Fact]
    public void EventId_OtherSignatures_IsTheSame()
    {
        var other = Story.Parse(Story.Envelope(Issue.Event, FixedNetwork.Hospital, FixedNetwork.Hospital));
        Assert.Equal(Issue.EventId, other.EventId);
        Assert.NotEqual(Issue.EnvelopeHash, other.EnvelopeHash);
    }

    [Fact]
    public void TryParse_SignatureStripped_MissingSignature() => Refused(Bytes[..^SignatureFieldBytes], Outcome.MissingSignature);

    [Fact]
    public void TryParse_SignatureAdded_MissingSignature() =>
        Refused([.. Bytes, .. Bytes[^SignatureFieldBytes..]], Outcome.MissingSignature);

    [Fact]
    public void TryParse_EventThatNamesTooFewSigners_MissingSignature()
    {
        var e = Issue.Event.Clone();
        e.KeyIds.RemoveAt(1);
        Refused(Story.Envelope(e, FixedNetwork.Hospital), Outcome.MissingSignature);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x1A, 0 })]
    [InlineData(new byte[] { 0x22, 0 })]
    public void TryParse_TrailingBytesOrUnknownField_Malformed(byte[] trailing) => Refused([.. Bytes, .. trailing], Outcome.Malformed);

    [Fact]
    public void TryParse_PayloadLengthLongerThanNeeded_Malformed()
    {
        int at = TypeFieldBytes + 1;
        Assert.True(Bytes[at] >= 0x80 && Bytes[at + 1] < 0x80);
        Refused([.. Bytes[..(at + 1)], (byte)(Bytes[at + 1] | 0x80), 0, .. Bytes[(at + 2)..]], Outcome.Malformed);
    }

    [Fact]
    public void TryParse_SignatureOf63Or65Bytes_Malformed()
    {
        int at = Bytes.Length - 65;
        Refused([.. Bytes[..at], 63, .. Bytes[(at + 1)..^1]], Outcome.Malformed);
        Refused([.. Bytes[..at], 65, .. Bytes[(at + 1)..], 0], Outcome.Malformed);
    }

    [Fact]
    public void TryParse_FieldsInAnotherOrder_Malformed() =>
        Refused([.. Bytes[TypeFieldBytes..], .. Bytes[..TypeFieldBytes]], Outcome.Malformed);

    [Fact]
    public void TryParse_AnotherPayloadType_Malformed()
    {
        byte[] changed = [.. Bytes];
        changed[TypeFieldBytes - 1] = (byte)'2';
        Refused(changed, Outcome.Malformed);
    }

    [Fact]
    public void TryParse_UnknownFieldInThePayload_Malformed() =>
        Refused(SignedEvent.Encode([.. Issue.Payload.Span, 0xA0, 0x06, 1], [new byte[64], new byte[64]]), Outcome.Malformed);

    [Fact]
    public void TryParse_LongerThan48KiB_Malformed() => Refused(new byte[SignedEvent.MaxSizeBytes + 1], Outcome.Malformed);

    [Fact]
    public void TryParse_EveryPrefix_IsRefused()
    {
        for (int length = 0; length < Bytes.Length; length++)
            Assert.False(SignedEvent.TryParse(Bytes.AsMemory(0, length), out _, out _), $"{length} bytes");
    }

    [Fact]
    public void TryParse_Mutants_ReturnsAndKeepsTheBytes()
    {
        byte[][] samples = [Bytes, new Story().Claim("rx-1").Bytes.ToArray(), new Story().Dispense("rx-1", 3, "p").Bytes.ToArray()];
        Fuzz.Run(output, samples, mutant =>
        {
            if (!SignedEvent.TryParse(mutant, out var signed, out var refusal))
            {
                Assert.InRange((int)refusal.Outcome, 1, 99);
                return;
            }
            var signatures = Enumerable.Range(0, signed.SignatureCount).Select(i => signed.Signature(i).ToArray()).ToArray();
            Assert.Equal(mutant, SignedEvent.Encode(signed.Payload.Span, signatures));
        });
    }

    private static void Refused(byte[] envelope, Outcome expected)
    {
        Assert.False(SignedEvent.TryParse(envelope, out _, out var refusal));
        Assert.Equal(expected, refusal.Outcome);
        Assert.NotEmpty(refusal.Detail);
    }
}
