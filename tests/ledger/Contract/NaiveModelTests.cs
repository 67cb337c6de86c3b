using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Random histories, decided by the contract and by the naive model.</summary>
public class NaiveModelTests(ITestOutputHelper output)
{
    private readonly Dictionary<Outcome, int> seen = [];

    [Fact]
    public void Apply_RandomHistories_AgreesWithTheNaiveModel()
    {
        int first = FuzzRun.Seed(output);
        int histories = 0;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < FuzzRun.Duration; histories++) RunHistory(first + histories);
        output.WriteLine($"{histories} histories, {seen.Values.Sum()} events");
        foreach ((Outcome outcome, int count) in seen.OrderBy(o => o.Key)) output.WriteLine($"{outcome} {count}");
    }

    private void RunHistory(int seed)
    {
        var random = new Random(seed);
        World world = NewWorld(random);
        NaiveModel model = ModelOf(world);
        var acts = new RandomActs(random, world);
        for (int step = 0; step < 150; step++)
        {
            MoveTime(random, world, model);
            if (random.Next(400) == 0) Revoke(world, model, random.Next(2) == 0 ? "pharmacy-b" : "pharmacist-a");
            Event e = acts.Next();
            bool tokenValid = random.Next(15) != 0;
            string id = Convert.ToBase64String(SHA256.HashData(e.ToByteArray()));
            Outcome expected = model.Apply(e, id, tokenValid, world.Now, world.Leaf);
            Outcome actual = world.Do(e, tokenValid);
            Assert.True(expected == actual, $"seed {seed} step {step}: model {expected}, contract {actual}: {e}");
            Compare(world, model, $"seed {seed} step {step}: {e}");
            seen[actual] = seen.GetValueOrDefault(actual) + 1;
        }
    }

    private static World NewWorld(Random random)
    {
        var world = new World();
        world.Policy.LongestWindowMs = 2 * World.Day;
        world.Policy.ApprovalsBeforeClaim = (uint)random.Next(3);
        world.Policy.ApprovalsBeforeDispense = (uint)random.Next(10) / 4;
        world.Policy.PackCodesMandatory = random.Next(3) == 0;
        return world;
    }

    private static NaiveModel ModelOf(World world)
    {
        var model = new NaiveModel(world.Policy);
        foreach (string member in new[] { "hospital", "hospital-2", "pharmacy-a", "pharmacy-b", "regulator" })
        {
            model.Members[member] = member[0] switch { 'h' => Role.Hospital, 'p' => Role.Pharmacy, _ => Role.Regulator };
            model.Keys[World.KeyOf(member).ToBase64()] = (member, ulong.MaxValue);
        }
        foreach ((string name, string work) in new[]
        {
            ("dr-house", "hospital"), ("dr-wilson", "hospital hospital-2"), ("ward-pharmacist", "hospital"),
            ("second-pharmacist", "hospital pharmacy-a"), ("pharmacist-a", "pharmacy-a"), ("pharmacist-b", "pharmacy-b"),
        })
        {
            string id = World.Id(name).ToBase64();
            Profession profession = name[..2] == "dr" ? Profession.Prescriber : Profession.Pharmacist;
            string chain = World.Hash("registration of " + name).ToBase64();
            model.People[id] = new NaiveModel.Person { Work = work, Profession = profession, Chain = chain };
            model.Keys[World.KeyOf(name).ToBase64()] = (id, ulong.MaxValue);
        }
        return model;
    }

    /// <summary>Small steps, and now and then exactly to, or beside, a moment at which something lapses.</summary>
    private static void MoveTime(Random random, World world, NaiveModel model)
    {
        IEnumerable<long> moments = model.Prescriptions.Values.SelectMany(p => new[] { p.ClaimUntil, p.Until, p.From });
        long[] ahead = [.. moments.Where(t => t > world.Now)];
        if (random.Next(30) == 0 && ahead.Length > 0) world.Now = ahead.Min() - random.Next(2);
        else if (random.Next(3) == 0) world.Now += random.Next(1, (int)World.Minute * 4);
    }

    private static void Revoke(World world, NaiveModel model, string name)
    {
        ulong leaf = world.Leaf + 3;
        world.Key(name).ValidUntil = leaf;
        string id = World.KeyOf(name).ToBase64();
        model.Keys[id] = (model.Keys[id].Owner, leaf);
    }

    private static void Compare(World world, NaiveModel model, string context)
    {
        foreach ((string id, NaiveModel.Prescription expected) in model.Prescriptions)
        {
            var actual = world.State.Peek<Prescription>(EntityKind.Prescription, ByteString.FromBase64(id))!;
            Assert.True(expected.Status == EffectiveState.At(actual, world.Now).ToString(), context);
            Assert.True(expected.Left.SequenceEqual(actual.Lines.Select(l => (long)l.Remaining)), context);
            Assert.True(actual.Lines.All(l => l.Remaining <= l.Authorised), context);
            Assert.True(expected.Status != "Claimed" || expected.Holder == actual.Holder, context);
            bool claimFields = actual.Holder.Length > 0 || actual.ClaimUntilMs > 0 || actual.CancellationPending;
            Assert.True(actual.Status == PrescriptionStatus.Claimed || !claimFields, context);
        }
        foreach ((string mac, NaiveModel.PackUsed expected) in model.PacksUsed)
        {
            var actual = world.State.Peek<Pack>(EntityKind.Pack, ByteString.FromBase64(mac))!;
            Assert.True(expected == new NaiveModel.PackUsed(actual.Pharmacy, actual.Content, actual.Taken), context);
            Assert.True(actual.Taken <= actual.Content, context);
        }
    }
}
