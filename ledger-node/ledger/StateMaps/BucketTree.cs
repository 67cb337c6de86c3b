namespace RxChain.Ledger.StateMaps;

/// <summary>
/// The hashes above the buckets, in memory: 16-ary levels down to one root. With 20 bits: 2^20 bucket hashes and five
/// levels, 36 MB. Node hash: SHA-256(level byte 1.., then its 16 children).
/// </summary>
internal sealed class BucketTree
{
    public const int Arity = 16;

    // _levels[0] holds the bucket hashes, the last level the root alone.
    private readonly Hash32[][] _levels;
    private readonly Hash32 _emptyBucket = Bucket.Empty.ComputeHash();

    public BucketTree(int bucketBits)
    {
        _levels = new Hash32[bucketBits / 4 + 1][];
        var hash = _emptyBucket;
        for (int level = 0; level < _levels.Length; level++)
        {
            _levels[level] = new Hash32[1 << (bucketBits - 4 * level)];
            if (level > 0)
                hash = NodeHash(level, Enumerable.Repeat(hash, Arity).ToArray());
            Array.Fill(_levels[level], hash);
        }
    }

    public Hash32 Root => _levels[^1][0];

    public int LevelCount => _levels.Length;

    /// <summary>True when the bucket is empty by its hash; changes since the last <see cref="Update"/> do not count.</summary>
    public bool IsEmptyBucket(uint index) => _levels[0][index] == _emptyBucket;

    public Hash32 Node(int level, uint index) => _levels[level][index];

    /// <summary>Replaces bucket hashes, and recomputes every node above them once.</summary>
    /// <param name="changed">Buckets with their new hashes, in ascending order.</param>
    /// <param name="overwritten">Told the level, index and old hash of each node that changes.</param>
    public void Update(IReadOnlyList<(uint Bucket, Hash32 Hash)> changed, Action<int, uint, Hash32>? overwritten)
    {
        var indexes = new List<uint>(changed.Count);
        foreach (var (bucket, hash) in changed)
        {
            overwritten?.Invoke(0, bucket, _levels[0][bucket]);
            _levels[0][bucket] = hash;
            indexes.Add(bucket);
        }
        for (int level = 1; level < _levels.Length; level++)
        {
            indexes = Parents(indexes);
            foreach (uint index in indexes)
            {
                overwritten?.Invoke(level, index, _levels[level][index]);
                _levels[level][index] = NodeHash(level, _levels[level - 1].AsSpan((int)index * Arity, Arity));
            }
        }
    }

    public static Hash32 NodeHash(int level, ReadOnlySpan<Hash32> children)
    {
        Span<byte> buffer = stackalloc byte[1 + Arity * Hash32.SizeBytes];
        buffer[0] = (byte)level;
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(children).CopyTo(buffer[1..]);
        return Hash32.Sha256(buffer);
    }

    private static List<uint> Parents(List<uint> ascending)
    {
        var parents = new List<uint>(ascending.Count);
        foreach (uint index in ascending)
        {
            if (parents.Count == 0 || parents[^1] != index / Arity)
                parents.Add(index / Arity);
        }
        return parents;
    }
}
