namespace RxChain.Ledger.StateMaps;

/// <summary>
/// Old values of what was overwritten since remembered sizes, so that state proofs answer at a cosigned size.
/// A value is kept in the newest remembered state; older states look there too.
/// </summary>
internal sealed class StateHistory(BucketTree tree, Func<uint, Bucket> current)
{
    private sealed class Remembered(long size)
    {
        public long Size { get; } = size;
        public Dictionary<uint, Bucket> Buckets { get; } = [];
        public Dictionary<(int Level, uint Index), Hash32> Nodes { get; } = [];
    }

    private readonly List<Remembered> _states = [];

    public void Remember(long size, int maxStates, int maxBuckets)
    {
        // The oldest state alone needs a copy of whatever changed since: memory counts more than its proofs.
        while (_states.Sum(s => s.Buckets.Count) > maxBuckets)
            _states.RemoveAt(0);
        if (_states.Count == 0 || _states[^1].Size < size)
            _states.Add(new Remembered(size));
        if (_states.Count <= maxStates)
            return;
        // The first looks for its values in those after it: they go to it.
        foreach (var (index, bucket) in _states[1].Buckets)
            _states[0].Buckets.TryAdd(index, bucket);
        foreach (var (node, hash) in _states[1].Nodes)
            _states[0].Nodes.TryAdd(node, hash);
        _states.RemoveAt(1);
    }

    public void ForgetBelow(long size) => _states.RemoveAll(s => s.Size < size);

    public void BucketOverwritten(uint index, Bucket old)
    {
        if (_states.Count > 0)
            _states[^1].Buckets.TryAdd(index, old);
    }

    public void NodeOverwritten(int level, uint index, Hash32 old)
    {
        if (_states.Count > 0)
            _states[^1].Nodes.TryAdd((level, index), old);
    }

    public View? At(long size)
    {
        int at = _states.FindIndex(s => s.Size == size);
        return at < 0 ? null : new View(this, at);
    }

    /// <summary>The map as it was at one remembered size.</summary>
    public readonly struct View(StateHistory history, int from)
    {
        public (StateProof, byte[]?) Prove(in Hash32 key, uint bucketIndex)
        {
            var bucket = BucketAt(bucketIndex);
            var pairs = bucket.Entries.Select(e => (e.Key, e.ValueHash)).ToArray();
            var siblings = new List<Hash32>();
            for (int level = 0; level < history.Tree.LevelCount - 1; level++)
            {
                uint index = bucketIndex >> (4 * level);
                uint first = index / BucketTree.Arity * BucketTree.Arity;
                for (uint child = first; child < first + BucketTree.Arity; child++)
                {
                    if (child != index)
                        siblings.Add(NodeAt(level, child));
                }
            }
            return (new StateProof(pairs, siblings), bucket.Find(key)?.Value.ToArray());
        }

        public Bucket BucketAt(uint index)
        {
            for (int i = from; i < history._states.Count; i++)
            {
                if (history._states[i].Buckets.TryGetValue(index, out var bucket))
                    return bucket;
            }
            return history.Current(index);
        }

        private Hash32 NodeAt(int level, uint index)
        {
            for (int i = from; i < history._states.Count; i++)
            {
                if (history._states[i].Nodes.TryGetValue((level, index), out var hash))
                    return hash;
            }
            return history.Tree.Node(level, index);
        }
    }

    private BucketTree Tree => tree;

    private Func<uint, Bucket> Current => current;
}
