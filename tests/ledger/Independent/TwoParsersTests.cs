using Google.Protobuf;
using Google.Protobuf.Reflection;
using RxChain.Ledger.Tests.Contract;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>The parser of the contract and that of the second verifier take the same payloads.</summary>
public sealed class TwoParsersTests(ITestOutputHelper output)
{
    [Fact]
    public void Payloads_GoodAndSpoilt_AreTakenByBothOrNeither()
    {
        var random = new Random(FuzzRun.Seed(output));
        byte[][] payloads = [.. Enumerable.Range(0, 4_000).Select(i => Payload(random, i % 4))];
        string[] others = SecondVerifier.Payloads(payloads);
        Assert.Equal(payloads.Length, others.Length);
        int taken = 0;
        for (int i = 0; i < payloads.Length; i++)
        {
            bool good = EventParser.TryParse(payloads[i], out var e, out string error) && Signers.Check(e) == Outcome.Accepted;
            Assert.True(good == (others[i] == "1"), $"here: {error}; there: {others[i]}; {Convert.ToHexStringLower(payloads[i])}");
            taken += good ? 1 : 0;
        }
        output.WriteLine($"{taken} of {payloads.Length} taken");
        Assert.InRange(taken, 1_000, 3_900);
    }

    // Good, one field set to an edge of its range or beyond, one left out, or one byte changed.
    private static byte[] Payload(Random random, int spoilt)
    {
        var e = new EventGenerator(random).Next();
        Sign(e);
        if (spoilt is 1 or 2)
        {
            var message = Inner(random, e);
            var fields = message.Descriptor.Fields.InFieldNumberOrder();
            if (fields.Count > 0)
                Spoil(random, message, fields[random.Next(fields.Count)], leaveOut: spoilt == 2);
        }
        byte[] payload = e.ToByteArray();
        if (spoilt == 3)
            payload[random.Next(payload.Length)] ^= (byte)(1 << random.Next(8));
        return payload;
    }

    // As many signers as the act needs.
    private static void Sign(Event e)
    {
        var key = ByteString.CopyFrom(new byte[32]);
        (e.ResponsibleId, e.AuthorId) = (ByteString.Empty, ByteString.Empty);
        e.KeyIds.Clear();
        e.KeyIds.Add(key);
        if (Signers.Check(e) == Outcome.Accepted)
            return;
        e.ResponsibleId = ByteString.CopyFrom(new byte[16]);
        e.KeyIds.Add(key);
    }

    // The event, its act, or a message within, at random.
    private static IMessage Inner(Random random, IMessage message)
    {
        for (; ; )
        {
            object[] inner = [.. message.Descriptor.Fields.InFieldNumberOrder()
                .Where(f => f.FieldType == FieldType.Message)
                .Select(f => f.Accessor.GetValue(message))
                .SelectMany(value => value is System.Collections.IList list ? list.Cast<object>().Take(1) : value is null ? [] : [value])];
            if (inner.Length == 0 || random.Next(6) == 0)
                return message;
            message = (IMessage)inner[random.Next(inner.Length)];
        }
    }

    private static void Spoil(Random random, IMessage message, FieldDescriptor field, bool leaveOut)
    {
        if (leaveOut || field.IsRepeated || field.FieldType == FieldType.Message)
        {
            field.Accessor.Clear(message);
            return;
        }
        field.Accessor.SetValue(message, field.FieldType switch
        {
            FieldType.UInt32 => random.GetItems([0u, 1u, 2u, 31u, 32u, 64u, 65u, 65_535u, 65_536u, 1_000_000u, 1_000_001u, uint.MaxValue], 1)[0],
            FieldType.Int64 => random.GetItems([long.MinValue, -1L, 0L, 1L, 253_402_300_799_999, 253_402_300_800_000, long.MaxValue], 1)[0],
            FieldType.Bool => random.Next(2) == 0,
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, random.Next(5)),
            FieldType.String => random.GetItems(["", "a", "A", "a b", new string('x', 64), new string('x', 65), new string('x', 129)], 1)[0],
            _ => ByteString.CopyFrom(Bytes(random, random.GetItems([0, 1, 15, 16, 17, 31, 32, 33, 64, 65, 66], 1)[0])),
        });
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        if (length == 65 && random.Next(2) == 0)
            bytes[0] = 4;
        return bytes;
    }
}
