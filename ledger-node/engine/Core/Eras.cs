using RxChain.Ledger.Members;

namespace RxChain.Engine.Core;

/// <summary>
/// Whose word counts for which heads. An era's last head must be final before a later head is cosigned or made final.
/// </summary>
/// <param name="current">The era in force after the last block.</param>
/// <param name="read">Reads an earlier era by its number.</param>
internal sealed class Eras(ValidatorSet current, Func<uint, ValidatorSet> read)
{
    private readonly List<ValidatorSet> _eras = [current];

    /// <summary>The last era that this log has.</summary>
    public ValidatorSet Last => _eras[^1];

    /// <summary>A block began an era.</summary>
    public void Begin(ValidatorSet era) => _eras.Add(era);

    /// <summary>The era that rules the head of a size; beyond this log the last one known.</summary>
    public ValidatorSet At(long size)
    {
        while (_eras[0].FromSize >= size && _eras[0].Number > 1)
            _eras.Insert(0, read(_eras[0].Number - 1));
        int at = _eras.Count - 1;
        while (at > 0 && _eras[at].FromSize >= size)
            at--;
        return _eras[at];
    }

    /// <summary>Size of the head that ends an era; the largest number for the last one.</summary>
    public long EndOf(ValidatorSet era) => era == Last ? long.MaxValue : _eras[_eras.IndexOf(era) + 1].FromSize;
}
