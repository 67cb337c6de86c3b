using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.StateMaps;

/// <summary>Where buckets come from that are not in memory.</summary>
public interface IBucketReader
{
    /// <summary>Bytes of a bucket, or null when it is empty.</summary>
    byte[]? ReadBucket(uint bucket);
}

/// <summary>
/// The authenticated map over everything the rules read (docs/FORMAT.md, "State map").
/// One writer; reads must not run while it writes.
/// </summary>
public sealed class StateMap : IStateReader
{
    private readonly int _bucketBits;
    private readonly IBucketReader _store;
    private readonly BucketTree _tree;
    private readonly BucketCache _cache;
    private readonly SortedSet<uint> _changed = [];
    private readonly StateHistory _history;
    private Dictionary<uint, Bucket> _dirty = [];
    private Dictionary<uint, Bucket>? _frozen;

    /// <summary>A map whose buckets are in <paramref name="store"/>; the hash tree is empty until <see cref="Load"/>.</summary>
    /// <param name="bucketBits">Bits of a key that choose its bucket: 4 to 20, a multiple of 4.</param>
    /// <param name="store">Read for buckets that are not in memory.</param>
    /// <param name="cacheBytes">Bound of the cache of unchanged buckets.</param>
    public StateMap(int bucketBits, IBucketReader store, long cacheBytes = 48 << 20)
    {
        _bucketBits = bucketBits;
        _store = store;
        _tree = new BucketTree(bucketBits);
        _cache = new BucketCache(cacheBytes);
        _history = new StateHistory(_tree, FindBucket);
    }

    /// <summary>Root after the last <see cref="ComputeRoot"/> or <see cref="Load"/>.</summary>
    public Hash32 Root => _tree.Root;

    /// <summary>Buckets changed since the last <see cref="Freeze"/>.</summary>
    public int DirtyCount => _dirty.Count;

    /// <summary>Rebuilds the hash tree from all stored buckets; false names a bucket that is not what was stored.</summary>
    public bool Load(IEnumerable<(uint Bucket, byte[] Bytes)> stored, out uint damaged)
    {
        var hashes = new List<(uint, Hash32)>();
        damaged = 0;
        foreach (var (index, bytes) in stored)
        {
            damaged = index;
            if (index >> _bucketBits != 0 || Bucket.TryParse(bytes) is not { } bucket)
                return false;
            hashes.Add((index, bucket.ComputeHash()));
        }
        _tree.Update(hashes, null);
        return true;
    }

    /// <inheritdoc/>
    public T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new()
    {
        var key = StateKey.Of(kind, id);
        return FindBucket(key.Prefix(_bucketBits)).Find(key)?.Parsed<T>();
    }

    /// <summary>The value's bytes as hashed, or null.</summary>
    public ReadOnlyMemory<byte>? FindValue(in Hash32 key) => FindBucket(key.Prefix(_bucketBits)).Find(key)?.Value;

    /// <summary>True when the bucket of this entry has that many entries and does not hold it already.</summary>
    public bool IsFull(EntityKind kind, ReadOnlySpan<byte> id, int maxEntries)
    {
        var key = StateKey.Of(kind, id);
        var bucket = FindBucket(key.Prefix(_bucketBits));
        return bucket.Entries.Count >= maxEntries && bucket.Find(key) is null;
    }

    /// <summary>Writes an entry. <paramref name="value"/> must not be changed afterwards.</summary>
    public void Put(EntityKind kind, ReadOnlySpan<byte> id, IMessage value)
    {
        var key = StateKey.Of(kind, id);
        Replace(key, bucket => bucket.With(new StateEntry(key, value.ToByteArray(), value)));
    }

    /// <summary>Deletes an entry if it is there.</summary>
    public void Delete(EntityKind kind, ReadOnlySpan<byte> id)
    {
        var key = StateKey.Of(kind, id);
        Replace(key, bucket => bucket.Without(key));
    }

    /// <summary>Deletes entries of these values out of the bucket of an entry, which need not be there.</summary>
    internal void DeleteInBucket(EntityKind kind, ReadOnlySpan<byte> id, ValuePredicate goes) =>
        Replace(StateKey.Of(kind, id), bucket => bucket.Without(goes));

    /// <summary>Hashes what changed since the last call and returns the new root: once a block.</summary>
    public Hash32 ComputeRoot()
    {
        var hashes = new List<(uint, Hash32)>(_changed.Count);
        foreach (uint index in _changed)
            hashes.Add((index, FindBucket(index).ComputeHash()));
        _tree.Update(hashes, _history.NodeOverwritten);
        _changed.Clear();
        return _tree.Root;
    }

    /// <summary>
    /// Hands over all buckets changed since the last freeze, to be encoded and stored by another thread; they stay readable
    /// here until <see cref="Thaw"/>. To be called between blocks. One freeze at a time.
    /// </summary>
    public FrozenBuckets Freeze()
    {
        if (_frozen is not null)
            throw new InvalidOperationException("The last freeze has not been thawed.");
        _frozen = _dirty;
        _dirty = [];
        return new FrozenBuckets(_frozen);
    }

    /// <summary>The frozen buckets are stored now.</summary>
    public void Thaw()
    {
        foreach (var (index, bucket) in _frozen ?? [])
            _cache.Add(index, bucket);
        _frozen = null;
    }

    /// <summary>
    /// Remembers the present state under <paramref name="size"/>, so that <see cref="Prove"/> can answer for it. Beyond
    /// <paramref name="maxStates"/> it forgets the oldest but the very first, the last final one; when these states need copies
    /// of more than <paramref name="maxBuckets"/> buckets, that one too.
    /// </summary>
    public void Remember(long size, int maxStates, int maxBuckets = int.MaxValue) => _history.Remember(size, maxStates, maxBuckets);

    /// <summary>Forgets remembered states below <paramref name="size"/>.</summary>
    public void ForgetBelow(long size) => _history.ForgetBelow(size);

    /// <summary>Proof of presence or absence of a key at a remembered size, and the value there; null when the size is not remembered.</summary>
    public (StateProof Proof, byte[]? Value)? Prove(in Hash32 key, long size)
    {
        uint index = key.Prefix(_bucketBits);
        return _history.At(size) is { } view ? view.Prove(key, index) : null;
    }

    /// <summary>The entry as it was at a remembered size, or null; false when the size is not remembered.</summary>
    public bool TryFindAt<T>(long size, EntityKind kind, ReadOnlySpan<byte> id, out T? value) where T : class, IMessage<T>, new()
    {
        var key = StateKey.Of(kind, id);
        var view = _history.At(size);
        value = view?.BucketAt(key.Prefix(_bucketBits)).Find(key)?.Parsed<T>();
        return view is not null;
    }

    private Bucket FindBucket(uint index)
    {
        if (_dirty.TryGetValue(index, out var bucket) || (_frozen?.TryGetValue(index, out bucket) ?? false))
            return bucket;
        if (_cache.Find(index) is { } cached)
            return cached;
        // Most lookups of refused events, one for each event: nothing is there, and the hashes in memory say so. What
        // changed since they were computed was found above.
        if (_tree.IsEmptyBucket(index))
            return Bucket.Empty;
        byte[]? stored = _store.ReadBucket(index);
        var read = stored is null ? Bucket.Empty : Bucket.TryParse(stored);
        if (read is null || read.ComputeHash() != _tree.Node(0, index))
            throw new InvalidDataException($"State bucket {index} is damaged: stop, delete the state file, start again; it is rebuilt from the log.");
        bucket = read;
        _cache.Add(index, bucket);
        return bucket;
    }

    private void Replace(in Hash32 key, Func<Bucket, Bucket> change)
    {
        uint index = key.Prefix(_bucketBits);
        var old = FindBucket(index);
        var changed = change(old);
        if (ReferenceEquals(old, changed))
            return;
        _history.BucketOverwritten(index, old);
        _dirty[index] = changed;
        _changed.Add(index);
    }
}
