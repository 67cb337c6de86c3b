using Google.Protobuf;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions.State;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.StateMaps;

/// <summary>Random puts and deletes: the map and a naive model agree on root, values and proofs, now and at remembered sizes.</summary>
public sealed class StateMapModelTests(ITestOutputHelper output)
{
    private const int Ids = 60;
    private const int RememberedStates = 3;

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public void StateMap_RandomChanges_AgreesWithTheModel(int bucketBits)
    {
        foreach (int seed in SeededRuns.Seeds(output, 6))
            Run(new Random(seed), bucketBits);
    }

    private static void Run(Random random, int bucketBits)
    {
        var store = new StoredBuckets();
        var map = new StateMap(bucketBits, store, cacheBytes: random.Next(2) * 4096);
        var model = new NaiveMap(bucketBits);
        var remembered = new List<(long Size, Hash32 Root, NaiveMap Model)>();
        for (int size = 1; size <= 12; size++)
        {
            for (int changes = random.Next(10); changes > 0; changes--)
                Change(random, map, model);
            Assert.Equal(model.Root(), map.ComputeRoot());
            map.Remember(size, RememberedStates);
            remembered.Add((size, map.Root, model.Copy()));
            // The very first stays: it is the last final one.
            if (remembered.Count > RememberedStates)
                remembered.RemoveAt(1);
            if (random.Next(6) == 0)
            {
                long final = remembered[1 % remembered.Count].Size;
                map.ForgetBelow(final);
                remembered.RemoveAll(state => state.Size < final);
            }
            if (random.Next(3) == 0)
                Store(map, store, bucketBits);
            foreach (var state in remembered)
                CheckProofs(random, map, state.Size, state.Root, state.Model);
        }
        map.ForgetBelow(2);
        Assert.Null(map.Prove(default, 1));
        Assert.False(map.TryFindAt<Clock>(1, EntityKind.Clock, [0], out _));
    }

    private static void Change(Random random, StateMap map, NaiveMap model)
    {
        var kind = (EntityKind)random.Next(1, 4);
        byte[] id = [(byte)random.Next(Ids)];
        if (random.Next(3) == 0)
        {
            map.Delete(kind, id);
            model.Delete(kind, id);
            return;
        }
        var value = new Clock { ReportedMs = random.Next(3) };
        map.Put(kind, id, value);
        model.Put(kind, id, value);
    }

    private static byte[]? FindAt(StateMap map, long size)
    {
        Assert.True(map.TryFindAt<Clock>(size, EntityKind.Prescription, [1], out var clock));
        return clock?.ToByteArray();
    }

    // Writes the changed buckets, and rebuilds the tree out of the rows: the root must be that of the map.
    private static void Store(StateMap map, StoredBuckets store, int bucketBits)
    {
        store.Store(map.Freeze());
        map.Thaw();
        Assert.Equal(0, map.DirtyCount);
        var loaded = new StateMap(bucketBits, store);
        Assert.True(loaded.Load(store.Rows.Select(row => (row.Key, row.Value)), out _));
        Assert.Equal(map.Root, loaded.Root);
    }

    private static void CheckProofs(Random random, StateMap map, long size, Hash32 root, NaiveMap model)
    {
        for (int i = 0; i < 10; i++)
        {
            var key = StateKey.Of((EntityKind)random.Next(1, 4), [(byte)random.Next(Ids)]);
            var (proof, value) = map.Prove(key, size)!.Value;
            Assert.Equal(model.Find(key), value);
            Assert.Equal(model.Find(StateKey.Of(EntityKind.Prescription, [1])), FindAt(map, size));
            Assert.True(proof.Verify(root, key, value));
            Assert.False(proof.Verify(root, key, value is null ? [] : null));
            Assert.False(proof.Verify(root, key, [1, 2, 3]));
        }
    }
}
