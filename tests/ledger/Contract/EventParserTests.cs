using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The wire grammar: what lenient parsers skip, merge or repair is refused, with the field's path.</summary>
public class EventParserTests
{
    private static readonly World World = new();

    private static string ErrorOf(byte[] payload)
    {
        Assert.False(EventParser.TryParse(payload, out Event? e, out string error));
        Assert.Null(e);
        return error;
    }

    private static byte[] Claim(params byte[] appended) => [.. World.Claim().ToByteArray(), .. appended];

    /// <summary>A payload with bytes of our own as the body of one message field.</summary>
    private static byte[] WithAct(int field, params byte[] body)
    {
        Event e = World.Extend();
        e.ClearAct();
        return [.. e.ToByteArray(), (byte)(((field << 3) | 2) & 0x7F | 0x80), (byte)(field >> 4), (byte)body.Length, .. body];
    }

    [Theory]
    [InlineData("98 06 01", "field 99: unknown")]
    [InlineData("00 01", "field 0: unknown")]
    [InlineData("FA FF FF FF FF FF FF FF FF 01 00", "field 2305843009213693951: unknown")]
    [InlineData("48 02", "sequence: given twice, or with another of its oneof")]
    [InlineData("CA 01 00", "return_claim: given twice, or with another of its oneof")]
    [InlineData("BA 01 00", "claim: given twice, or with another of its oneof")]
    [InlineData("23", "role: wire type 3")]
    [InlineData("24", "role: wire type 4")]
    [InlineData("25 01 00 00 00", "role: wire type 5")]
    [InlineData("42", "key_ids: bad length")]
    [InlineData("42 A0 00", "key_ids: bad length")]
    [InlineData("42 21", "key_ids: longer than what contains it")]
    [InlineData("42 FF FF FF FF FF FF FF FF FF 01", "key_ids: longer than what contains it")]
    [InlineData("42 01 AA", "key_ids[1]: 1 bytes, not 32")]
    [InlineData("80", "tag: bad varint")]
    [InlineData("C8 00 02", "tag: bad varint")]
    public void TryParse_BytesAppendedToAGoodClaim_IsRefused(string hex, string expected) =>
        Assert.Equal(expected, ErrorOf(Claim(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)))));

    [Theory]
    [InlineData(21, "08 81 00", "review.verdict: bad varint")]
    [InlineData(21, "08 04", "review.verdict: 4 is more than 3")]
    [InlineData(21, "08 FF FF FF FF FF FF FF FF FF 01", "review.verdict: 18446744073709551615 is more than 3")]
    [InlineData(21, "08 FF FF FF FF FF FF FF FF FF 02", "review.verdict: bad varint")]
    [InlineData(21, "08 FF FF FF FF FF FF FF FF FF FF 01", "review.verdict: bad varint")]
    [InlineData(21, "08 00", "review.verdict: missing")]
    [InlineData(21, "08 01 10", "review.reason_code: bad varint")]
    [InlineData(25, "08 80 80 80 80 10", "return_claim.reason_code: 4294967296 is more than 4294967295")]
    [InlineData(20, "0A 02 18 02", "issue.lines.substitution_forbidden: 2 is more than 1")]
    [InlineData(20, "32 02 C3 28", "issue.nominee: not UTF-8")]
    [InlineData(20, "32 03 ED A0 80", "issue.nominee: not UTF-8")]
    [InlineData(23, "08 01 12 00 1A 00", "claim.nominee: given twice, or with another of its oneof")]
    [InlineData(23, "08 01 12 02 0A 05", "claim.token.token_key: longer than what contains it")]
    [InlineData(24, "0A 00", "extend_claim.field 1: unknown")]
    public void TryParse_BadBytesInsideAnAct_IsRefusedWithThePath(int field, string hex, string expected) =>
        Assert.Equal(expected, ErrorOf(WithAct(field, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)))));

    [Fact]
    public void TryParse_FieldsInAnotherOrder_IsTheSameEvent()
    {
        Event e = World.Claim();
        byte[] bytes = e.ToByteArray();
        int networkBytes = 2 + World.Network.Length;
        Assert.True(EventParser.TryParse((byte[])[.. bytes[networkBytes..], .. bytes[..networkBytes]], out Event? parsed, out _));
        Assert.Equal(e, parsed);
    }

    [Fact]
    public void TryParse_NothingOrNoAct_IsRefused()
    {
        Assert.Equal("act: none", ErrorOf([]));
        Event e = World.Extend();
        e.ClearAct();
        Assert.Equal("act: none", ErrorOf(e.ToByteArray()));
    }

    [Fact]
    public void TryParse_TooLong_IsRefusedUnread() =>
        Assert.Equal("payload: 49153 bytes, at most 49152", ErrorOf(new byte[EventParser.MaxPayloadBytes + 1]));

    [Fact]
    public void TryParse_EveryPrefixOfAnEvent_IsRefused()
    {
        byte[] bytes = World.Issue().ToByteArray();
        for (int length = 0; length < bytes.Length; length++) Assert.NotEmpty(ErrorOf(bytes[..length]));
    }

    [Fact]
    public void TryParse_SideAct_CitesAnActWhateverItsSequence()
    {
        Event e = World.LiftHold();
        (e.Sequence, e.PreviousEventId) = (1, World.Hash("the first act"));
        Assert.True(EventParser.TryParse(e.ToByteArray(), out _, out string error), error);
        e.PreviousEventId = ByteString.Empty;
        Assert.Equal("previous_event_id: 0 bytes, not 32", ErrorOf(e.ToByteArray()));
        e.PrescriptionId = ByteString.Empty;
        Assert.Equal("prescription_id: 0 bytes, not 16", ErrorOf(e.ToByteArray()));
    }

    [Fact]
    public void TryParse_Erase_CarriesAnOrderExactlyFromARegulator()
    {
        var (own, ordered) = (World.Erase(), World.EraseByOrder());
        Assert.True(EventParser.TryParse(own.ToByteArray(), out _, out string error), error);
        Assert.True(EventParser.TryParse(ordered.ToByteArray(), out _, out error), error);
        (own.Erase.OrderCommitment, ordered.Erase.OrderCommitment) = (ordered.Erase.OrderCommitment, ByteString.Empty);
        Assert.Equal("erase.order_commitment: 32 bytes, not 0", ErrorOf(own.ToByteArray()));
        Assert.Equal("erase.order_commitment: 0 bytes, not 32", ErrorOf(ordered.ToByteArray()));
    }

    [Theory]
    [InlineData(34, "0A 00", "bind_token.token: missing")]
    [InlineData(34, "0A 01 41", "bind_token.pharmacy: not 1 to 64 of [a-z0-9.-]")]
    [InlineData(31, "", "correct.dispense_id: 0 bytes, not 32")]
    [InlineData(32, "08 03", "reverse.kind: 3 is more than 2")]
    [InlineData(32, "", "reverse.kind: missing")]
    [InlineData(23, "08 01 2A 00", "claim.override.reason_code: 0, not 1 to 65535")]
    [InlineData(23, "08 01 22 00", "claim.presence.payer: not 1 to 64 of [a-z0-9.-]")]
    [InlineData(23, "08 01 22 00 2A 00", "claim.override: given twice, or with another of its oneof")]
    public void TryParse_NewActOutOfRange_IsRefusedWithThePath(int field, string hex, string expected) =>
        Assert.Equal(expected, ErrorOf(WithAct(field, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)))));
}
