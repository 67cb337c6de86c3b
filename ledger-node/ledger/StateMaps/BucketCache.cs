namespace RxChain.Ledger.StateMaps;

/// <summary>
/// Recently read buckets, bounded by bytes. Two generations: when the young one is full it becomes the old one and
/// what was not used since is forgotten. O(1), no list to maintain.
/// </summary>
internal sealed class BucketCache(long maxBytes)
{
    // What a cached bucket costs beside its bytes: objects, arrays, dictionary slot.
    private const int OverheadBytes = 600;

    // Stored bytes are kept beside the message parsed out of them, which is about twice as large.
    private const int CopiesOfBytes = 3;

    private Dictionary<uint, Bucket> _young = [];
    private Dictionary<uint, Bucket> _old = [];
    private long _youngBytes;

    public Bucket? Find(uint index)
    {
        if (_young.TryGetValue(index, out var bucket))
            return bucket;
        if (!_old.TryGetValue(index, out bucket))
            return null;
        Add(index, bucket);
        return bucket;
    }

    public void Add(uint index, Bucket bucket)
    {
        _young[index] = bucket;
        _youngBytes += CopiesOfBytes * (long)bucket.SizeBytes + OverheadBytes;
        if (_youngBytes < maxBytes / 2)
            return;
        _old = _young;
        _young = [];
        _youngBytes = 0;
    }
}
