using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Merkle;

namespace RxChain.Engine.Core;

/// <summary>
/// This node's own heads: in memory those from the last final one on, in ascending order, of very many the newest and
/// those that end an era; any other can be had from the log's tree.
/// </summary>
internal sealed class PendingHeads(MerkleNodeReader tree)
{
    private const int MaxHeads = 1024;
    private readonly List<CosignedHead> _heads = [];
    private readonly HashSet<long> _eraEnds = [];

    /// <summary>Leaves that are durable.</summary>
    public long DurableSize { get; set; }

    /// <summary>Adds the head after a block.</summary>
    public void Add(CosignedHead head, bool endsEra)
    {
        if (_heads.Count >= MaxHeads)
        {
            long oldest = _heads[MaxHeads / 4].Size;
            _heads.RemoveAll(h => h.Size < oldest && !_eraEnds.Contains(h.Size));
        }
        if (endsEra)
            _eraEnds.Add(head.Size);
        _heads.Add(head);
    }

    /// <summary>Root of a head that is in memory, or null.</summary>
    public Hash32? Find(long size) =>
        IndexAfter(size) is var i and > 0 && _heads[i - 1].Size == size ? _heads[i - 1].Root : null;

    /// <summary>Root of the first leaves of the durable log; null beyond it.</summary>
    public Hash32? RootAt(long size)
    {
        if (size > DurableSize)
            return null;
        return Find(size) ?? (MerkleProver.TryRoot(size, tree, out var root) ? root : null);
    }

    /// <summary>Consistency proof between two sizes of the durable log, or null.</summary>
    public Hash32[]? Consistency(long from, long to) =>
        to <= DurableSize && MerkleProver.TryProveConsistency(from, to, tree, out var proof) ? proof : null;

    /// <summary>The heads with sizes in (from, to], the largest first.</summary>
    public IEnumerable<CosignedHead> Descending(long from, long to)
    {
        for (int i = IndexAfter(to) - 1; i >= 0 && _heads[i].Size > from; i--)
            yield return _heads[i];
    }

    public void ForgetBelow(long size)
    {
        _heads.RemoveRange(0, IndexAfter(size - 1));
        _eraEnds.RemoveWhere(end => end < size);
    }

    private int IndexAfter(long size)
    {
        int low = 0, high = _heads.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_heads[middle].Size <= size)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
