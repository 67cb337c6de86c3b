using RxChain.Ledger.StateMaps;

namespace RxChain.Ledger.Tests.StateMaps;

/// <summary>Buckets in memory, as a state store would keep them.</summary>
internal sealed class StoredBuckets : IBucketReader
{
    public SortedDictionary<uint, byte[]> Rows { get; } = [];

    public byte[]? ReadBucket(uint bucket) => Rows.GetValueOrDefault(bucket);

    public void Store(FrozenBuckets frozen)
    {
        foreach (var (bucket, bytes) in frozen.Encode())
        {
            if (bytes is null)
                Rows.Remove(bucket);
            else
                Rows[bucket] = bytes;
        }
    }
}
