using Google.Protobuf;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.StateMaps;

/// <summary>The state map as docs/FORMAT.md defines it, computed from scratch out of a sorted list of entries.</summary>
internal sealed class NaiveMap(int bucketBits)
{
    private readonly SortedDictionary<Hash32, byte[]> _entries = [];

    public void Put(EntityKind kind, byte[] id, IMessage value) => _entries[StateKey.Of(kind, id)] = value.ToByteArray();

    public void Delete(EntityKind kind, byte[] id) => _entries.Remove(StateKey.Of(kind, id));

    public byte[]? Find(in Hash32 key) => _entries.GetValueOrDefault(key);

    public Hash32 Root()
    {
        var level = Enumerable.Range(0, 1 << bucketBits).Select(bucket => Hash32.Sha256(BucketBytes((uint)bucket))).ToArray();
        for (byte number = 1; level.Length > 1; number++)
            level = [.. level.Chunk(16).Select(children => Hash32.Sha256([number, .. children.SelectMany(c => c.ToArray())]))];
        return level[0];
    }

    public NaiveMap Copy()
    {
        var copy = new NaiveMap(bucketBits);
        foreach (var (key, value) in _entries)
            copy._entries[key] = value;
        return copy;
    }

    private byte[] BucketBytes(uint bucket)
    {
        var inside = _entries.Where(entry => entry.Key.Prefix(bucketBits) == bucket);
        return [0, .. inside.SelectMany(entry => (byte[])[.. entry.Key.ToArray(), .. Hash32.Sha256(entry.Value).ToArray()])];
    }
}
