namespace RxChain.Ledger.StateMaps;

/// <summary>Buckets as they were between two blocks. Nothing changes them, so another thread can encode them.</summary>
public sealed class FrozenBuckets
{
    private readonly Dictionary<uint, Bucket> _buckets;

    internal FrozenBuckets(Dictionary<uint, Bucket> buckets) => _buckets = buckets;

    /// <summary>Number of buckets.</summary>
    public int Count => _buckets.Count;

    /// <summary>Each bucket's bytes, null when it is empty now, in ascending order.</summary>
    public IEnumerable<(uint Bucket, byte[]? Bytes)> Encode()
    {
        foreach (uint index in _buckets.Keys.Order())
            yield return (index, _buckets[index].Entries.Count == 0 ? null : _buckets[index].ToArray());
    }
}
