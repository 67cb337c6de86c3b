using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Engine.Core;

/// <summary>This node's own heads from the last final one on, in ascending order; of very many the newest.</summary>
internal sealed class PendingHeads
{
    private const int MaxHeads = 1024;
    private readonly List<CosignedHead> _heads = [];

    public void Add(CosignedHead head)
    {
        if (_heads.Count == MaxHeads)
            _heads.RemoveRange(0, MaxHeads / 4);
        _heads.Add(head);
    }

    /// <summary>Root of the head of this size, or null.</summary>
    public Hash32? Find(long size) =>
        IndexAfter(size) is var i and > 0 && _heads[i - 1].Size == size ? _heads[i - 1].Root : null;

    /// <summary>The heads with sizes in (from, to], the largest first.</summary>
    public IEnumerable<CosignedHead> Descending(long from, long to)
    {
        for (int i = IndexAfter(to) - 1; i >= 0 && _heads[i].Size > from; i--)
            yield return _heads[i];
    }

    public void ForgetBelow(long size) => _heads.RemoveRange(0, IndexAfter(size - 1));

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
