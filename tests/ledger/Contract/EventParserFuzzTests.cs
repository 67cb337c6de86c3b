using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Good events are accepted and come back equal; whatever is done to their bytes, nothing throws.</summary>
public class EventParserFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void TryParse_GeneratedEvents_AreAcceptedAndEqual()
    {
        var generator = new EventGenerator(new Random(FuzzRun.Seed(output)));
        for (int i = 0; i < 2_000; i++)
        {
            Event e = generator.Next();
            Assert.True(EventParser.TryParse(e.ToByteArray(), out Event? parsed, out string error), $"{error}: {e}");
            Assert.Equal(e, parsed);
        }
    }

    [Fact]
    public void TryParse_GeneratedWithOneFieldLeftOut_IsRefusedOrStillEqual()
    {
        var random = new Random(FuzzRun.Seed(output));
        for (int i = 0; i < 2_000; i++)
        {
            Event e = new EventGenerator(random).Next();
            IMessage act = (IMessage)ActField(e).Accessor.GetValue(e);
            FieldDescriptor[] fields = [.. act.Descriptor.Fields.InFieldNumberOrder()];
            if (fields.Length == 0) continue;
            FieldDescriptor left = fields[random.Next(fields.Length)];
            left.Accessor.Clear(act);
            bool good = EventParser.TryParse(e.ToByteArray(), out Event? parsed, out string error);
            Assert.True(good ? e.Equals(parsed) : error.StartsWith(ActField(e).Name, StringComparison.Ordinal), $"{error}: {e}");
        }
    }

    [Fact]
    public void Generator_Events_HaveEveryActAndAuthority()
    {
        var generator = new EventGenerator(new Random(FuzzRun.Seed(output)));
        Event[] events = [.. Enumerable.Range(0, 5_000).Select(_ => generator.Next())];
        Assert.Equal(Enum.GetValues<Event.ActOneofCase>().Length - 1, events.Select(e => e.ActCase).Distinct().Count());
        Assert.Equal(
            Enum.GetValues<Claim.AuthorityOneofCase>().Length - 1,
            events.Select(e => e.Claim?.AuthorityCase).Where(authority => authority is not null).Distinct().Count());
    }

    private static FieldDescriptor ActField(Event e) => Event.Descriptor.FindFieldByNumber((int)e.ActCase);

    [Fact]
    public void TryParse_MutatedBytes_NeverThrowsAndAgreesWithProtobuf()
    {
        int seed = FuzzRun.Seed(output);
        (int accepted, int refused) = (0, 0);
        var clock = Stopwatch.StartNew();
        for (int i = 0; clock.Elapsed < FuzzRun.Duration; i++)
        {
            var random = new Random(seed + i);
            byte[] bytes = Mutate(random, new EventGenerator(random).Next().ToByteArray());
            bool good = EventParser.TryParse(bytes, out Event? e, out string error);
            Assert.True(good == (error.Length == 0) && good == (e is not null), $"seed {seed + i}");
            Assert.False(error.EndsWith("not a protobuf message", StringComparison.Ordinal), $"seed {seed + i}");
            if (good) accepted++;
            else refused++;
            if (good) AssertAgrees(e!, bytes, seed + i);
        }
        output.WriteLine($"{accepted} accepted, {refused} refused");
    }

    private static void AssertAgrees(Event e, byte[] bytes, int seed)
    {
        Event plain = Event.Parser.ParseFrom(bytes);
        Assert.True(plain.Equals(e), $"seed {seed}");
        Assert.True(EventParser.TryParse(e.ToByteArray(), out Event? again, out _) && again.Equals(e), $"seed {seed}");
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        List<byte> mutated = [.. bytes];
        for (int times = random.Next(1, 4); times > 0 && mutated.Count > 0; times--)
        {
            int at = random.Next(mutated.Count);
            int length = Math.Min(random.Next(1, 20), mutated.Count - at);
            switch (random.Next(6))
            {
                case 0: mutated[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: mutated[at] = (byte)random.Next(256); break;
                case 2: mutated.RemoveRange(at, length); break;
                case 3: mutated.InsertRange(random.Next(mutated.Count), mutated.GetRange(at, length)); break;
                case 4: mutated.Insert(at, (byte)random.Next(256)); break;
                default: mutated.RemoveRange(at, mutated.Count - at); break;
            }
        }
        return [.. mutated];
    }
}
