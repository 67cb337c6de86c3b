using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions.State;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.StateMaps;

/// <summary>Buckets as bytes, full ones, and damaged ones.</summary>
public sealed class BucketTests(ITestOutputHelper output)
{
    [Fact]
    public void IsFull_AtTheLimit_OnlyForNewEntriesOfThatBucket()
    {
        var map = new StateMap(4, new StoredBuckets());
        var (inside, outside) = Ids(Bucket.MaxEntries + 1);
        foreach (byte[] id in inside[..^1])
        {
            Assert.False(map.IsFull(EntityKind.Pack, id, Bucket.MaxEntries));
            map.Put(EntityKind.Pack, id, new Pack { Content = 1 });
        }
        Assert.True(map.IsFull(EntityKind.Pack, inside[^1], Bucket.MaxEntries));
        Assert.False(map.IsFull(EntityKind.Pack, inside[0], Bucket.MaxEntries));
        Assert.False(map.IsFull(EntityKind.Pack, outside, Bucket.MaxEntries));
        map.Delete(EntityKind.Pack, inside[0]);
        Assert.False(map.IsFull(EntityKind.Pack, inside[^1], Bucket.MaxEntries));
    }

    [Fact]
    public void TryParse_OwnEncoding_GivesTheSameHash()
    {
        var bucket = Sample();
        var again = Bucket.TryParse(bucket.ToArray());
        Assert.Equal(bucket.ComputeHash(), again!.ComputeHash());
        Assert.Equal(bucket.SizeBytes, bucket.ToArray().Length);
    }

    [Fact]
    public void TryParse_EntriesOutOfOrder_IsNull()
    {
        byte[] bytes = Sample().ToArray();
        int entry = bytes.Length / 3;
        Assert.Null(Bucket.TryParse((byte[])[.. bytes[entry..], .. bytes[..entry]]));
        Assert.Null(Bucket.TryParse((byte[])[.. bytes[..entry], .. bytes[..entry]]));
    }

    [Fact]
    public void TryParse_Mutants_ReturnsAndKeepsTheBytes() => Fuzz.Run(output, [Sample().ToArray()], mutant =>
    {
        if (Bucket.TryParse(mutant) is { } bucket)
            Assert.Equal(mutant, bucket.ToArray());
    });

    [Fact]
    public void Load_DamagedRow_NamesTheBucket()
    {
        var map = new StateMap(8, new StoredBuckets());
        Assert.False(map.Load([(3, [1, 2, 3])], out uint damaged));
        Assert.Equal(3u, damaged);
        Assert.False(map.Load([(256, [])], out damaged));
        Assert.Equal(256u, damaged);
    }

    [Fact]
    public void Find_DamagedRow_HaltsWithWhatToDo()
    {
        var key = StateKey.Of(EntityKind.Pack, [1]);
        uint index = key.Prefix(8);
        byte[] row = Bucket.Empty.With(new StateEntry(key, new byte[] { 1 }, null)).ToArray();
        // Cut off, and whole but with another value.
        foreach (byte[] damaged in new byte[][] { row[..^1], [.. row[..^1], 2] })
        {
            var store = new StoredBuckets();
            var map = new StateMap(8, store);
            Assert.True(map.Load([(index, row)], out _));
            store.Rows[index] = damaged;
            var thrown = Assert.Throws<InvalidDataException>(() => map.FindValue(key));
            Assert.Contains("delete the state file", thrown.Message, StringComparison.Ordinal);
        }
    }

    private static Bucket Sample()
    {
        var bucket = Bucket.Empty;
        for (byte id = 0; id < 3; id++)
            bucket = bucket.With(new StateEntry(StateKey.Of(EntityKind.Pack, [id]), new byte[] { id, 1, 2 }, null));
        return bucket;
    }

    // Ids whose keys share the first four bits, and one whose key does not.
    private static (byte[][] Inside, byte[] Outside) Ids(int count)
    {
        var all = Enumerable.Range(0, int.MaxValue).Select(BitConverter.GetBytes);
        byte[][] inside = [.. all.Where(id => StateKey.Of(EntityKind.Pack, id).Prefix(4) == 5).Take(count)];
        return (inside, all.First(id => StateKey.Of(EntityKind.Pack, id).Prefix(4) == 6));
    }
}
