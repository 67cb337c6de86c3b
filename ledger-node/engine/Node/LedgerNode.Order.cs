using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Leaves;

namespace RxChain.Engine.Node;

/// <summary>The ordering, for as long as it continues this log.</summary>
public sealed partial class LedgerNode
{
    // Over and over: what is lost can be copied, and who is refused may be let in again. Reads go on meanwhile.
    private async Task FollowOrderAsync(IOrdering ordering)
    {
        ulong epoch = _executor.Head.Epoch;
        // The order that this node knows may be of an epoch that the others have ended while it was away.
        await TryCopyAsync().ConfigureAwait(false);
        while (true)
        {
            try
            {
                await DrainAsync().ConfigureAwait(false);
                if (_executor.Head.Epoch != epoch)
                    throw new OrderingLostException($"Epoch {_executor.Head.Epoch} has begun in the blocks that this node copied: start the node again, and it follows the order of that epoch.");
                await ReadOrderAsync(ordering).ConfigureAwait(false);
                return;
            }
            catch (OrderingTrimmedException trimmed) when (_parts.Sources.Count > 0)
            {
                Alarm($"{trimmed.Message} This node copies them now.");
                long before = _parts.Log.Size;
                if (!await TryCopyAsync().ConfigureAwait(false) || _parts.Log.Size == before)
                    await Task.Delay(RetryMs, _stopping.Token).ConfigureAwait(false);
            }
            catch (OrderingLostException lost)
            {
                _inputs.Writer.TryWrite(new OrderingLost(lost.Message));
                return;
            }
            catch (OrderingUnavailableException unavailable)
            {
                Alarm(unavailable.Message);
                await Task.Delay(RetryMs, _stopping.Token).ConfigureAwait(false);
            }
        }
    }

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
