using RxChain.Ledger.Leaves;

namespace RxChain.Engine.Node;

public sealed partial class LedgerNode
{
    /// <summary>
    /// Place in the ordering of the block that lies <paramref name="blocksBelow"/> blocks below the last final one; 0 when
    /// there is none. What stands up to there, the ordering may forget.
    /// </summary>
    public ulong FinalPosition(int blocksBelow)
    {
        long at = (_final?.Checkpoint.Size ?? 0) - 1;
        for (int i = 0; at > 0 && SealLeaf.TryParse(_parts.Log.Read(at), out var seal); i++)
        {
            if (i == blocksBelow)
                return seal.OrderingPosition;
            at = seal.FirstLeaf - 1;
        }
        return 0;
    }
}
