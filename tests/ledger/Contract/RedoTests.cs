using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Xunit.Abstractions;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Accepted acts carried out again, without packs, people and what side acts there were: prescriptions become the same.</summary>
public class RedoTests(ITestOutputHelper output)
{
    [Fact]
    public void Redo_RandomHistories_MakesTheSamePrescriptions()
    {
        int first = FuzzRun.Seed(output), accepted = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (int seed = first; clock.Elapsed < FuzzRun.Duration; seed++)
            accepted += RunHistory(seed);
        output.WriteLine($"{accepted} accepted");
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Redo_LateSuppliesOfPacksInConflictBeyondTheLimit_IsStillAccepted()
    {
        var world = new World();
        var past = new Past(world);
        Do(world, past, world.Issue(1_000_000));
        Do(world, past, world.Claim());
        for (int i = 0; i < 40; i++)
        {
            world.Now += 1_000;
            PackUse[] packs = [.. Enumerable.Range(0, 64).Select(n => World.Pack($"pack {n}", 10, 10))];
            Assert.True(Do(world, past, world.RecordSupply(world.Now, World.Item(0, 1, packs))));
        }
    }

    private static int RunHistory(int seed)
    {
        var random = new Random(seed);
        var world = new World();
        world.Policy.ApprovalsBeforeClaim = (uint)random.Next(2);
        var past = new Past(world);
        var acts = new RandomActs(random, world);
        int accepted = 0;
        for (int step = 0; step < 150; step++)
        {
            world.Now += random.Next(10) == 0 ? random.Next((int)World.Day) : random.Next((int)World.Minute);
            Event e = acts.Next();
            if (random.Next(2) == 0 && world.Stored is { Status: not PrescriptionStatus.Unspecified } && Rarer(random, world) is { } rarer)
                e = rarer;
            accepted += Do(world, past, e, $"seed {seed} step {step}") ? 1 : 0;
        }
        return accepted;
    }

    private static Event? Rarer(Random random, World world) => random.Next(12) switch
    {
        0 => world.Hold(world.Now + random.Next(1, (int)World.Day)),
        1 => world.LiftHold(),
        2 => world.OpenDispute(world.Head),
        3 when world.Stored.Disputes.Count > 0 => world.ExtendDispute(world.LastDispute),
        4 when world.Stored.Disputes.Count > 0 => world.ResolveDispute(world.LastDispute),
        5 => world.GiveConsent("pharmacy-b", world.Now + random.Next(1, (int)World.Day)),
        6 => world.WithdrawConsent("pharmacy-b"),
        7 => world.RecordSupply(world.Now - random.Next(1_000), World.Item(0, 1, World.Pack("pack-" + random.Next(40), 10, 5))),
        8 when world.Stored.Supplies.Count > 0 => world.Reverse(Kind.Returned, world.LastSupply),
        9 => world.BindToken("pharmacy-b"),
        10 => world.RecordAccess(),
        _ => null,
    };

    private static bool Do(World world, Past past, Event e, string context = "")
    {
        ulong leaf = world.Leaf;
        if (world.Do(e) != Outcome.Accepted)
            return false;
        var act = new Act(e, SHA256.HashData(e.ToByteArray()), StatementValid: true);
        if (e.PrescriptionId.IsEmpty)
            return true;
        Decision decision = Contracts.ForVersion(1)!.Redo(past, act, new ApplyContext(world.Now, leaf));
        Assert.True(decision.Outcome == Outcome.Accepted, $"{context}: {decision.Outcome} {e}");
        past.Write(decision);
        foreach (ByteString id in ActKinds.Prescriptions(e))
        {
            var expected = Past.Trimmed(world.State.Peek<Prescription>(EntityKind.Prescription, id)!);
            Assert.True(expected.Equals(past.Prescriptions[id]), $"{context}: {e}");
        }
        return true;
    }

    /// <summary>What a reader of the log has: prescriptions, and facts about the network.</summary>
    private sealed class Past(World world) : IStateReader
    {
        public Dictionary<ByteString, Prescription> Prescriptions { get; } = [];

        public T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new() => kind switch
        {
            EntityKind.Prescription => (T?)(object?)Prescriptions.GetValueOrDefault(ByteString.CopyFrom(id)),
            EntityKind.Policy or EntityKind.Organisation or EntityKind.Key => world.State.Peek<T>(kind, ByteString.CopyFrom(id)),
            _ => null,
        };

        public void Write(Decision decision)
        {
            foreach (StateChange change in decision.Changes.Where(change => change.Kind == EntityKind.Prescription))
                Prescriptions[ByteString.CopyFrom(change.Id)] = Trimmed((Prescription)change.Value!);
        }

        /// <summary>Without packs, and the marks that follow from them.</summary>
        public static Prescription Trimmed(Prescription prescription)
        {
            Prescription trimmed = prescription.Clone();
            foreach (ActRef act in trimmed.Acts) act.Marks &= ~2u;
            foreach (SuppliedItem item in trimmed.Supplies.SelectMany(s => s.Items)) item.Packs.Clear();
            return trimmed;
        }
    }
}
