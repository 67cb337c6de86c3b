using RxChain.Ledger.Batches;
using RxChain.Ledger.Leaves;

namespace RxChain.Ledger.Execution;

/// <summary>What a log shows of one block: all that the rules need to make it again.</summary>
/// <param name="HeaderBytes">The signed batch header in the seal.</param>
/// <param name="Header">The same, parsed.</param>
/// <param name="Events">The events of the block's leaves.</param>
/// <param name="Skipped">The duplicates that the seal names; their envelopes are not in the block.</param>
/// <param name="Position">Place in the ordering that the seal names.</param>
public sealed record RecordedBlock(
    ReadOnlyMemory<byte> HeaderBytes, BatchHeader Header, IReadOnlyList<CheckedEvent> Events,
    IReadOnlyList<SkippedDuplicate> Skipped, ulong Position);

public sealed partial class BlockExecutor
{
    /// <summary>
    /// Makes a block again as the rules want it, to be compared with the one on the log. Takes every signature as valid and
    /// every key as registered, the header's list of envelopes as compared: those are the caller's to check, before or after.
    /// Null, with the reason, when the rules would have made no block; this executor cannot go on then.
    /// </summary>
    public ExecutedBlock? Rebuild(RecordedBlock recorded, out string reason)
    {
        var (header, events) = (recorded.Header, recorded.Events);
        reason = _judge.PlacementFault(header) ?? "";
        if (reason.Length == 0 && events.Count == 0 && header.EnvelopeHashes.Count > 0)
            reason = "batch: nothing but duplicates, which makes no block";
        if (reason.Length > 0)
            return null;
        var policy = Policy();
        long time = LedgerTime.Advance(state, head.LedgerTimeMs, header);
        var block = new BlockBuilder(head.Tree);
        var places = new EventPlace[events.Count];
        for (int i = 0; i < places.Length; i++)
        {
            if (FirstPlace(events[i]) is { } first)
            {
                reason = $"batch: the event of leaf {block.NextIndex} was on the ledger before, at leaf {first.LeafIndex}";
                return null;
            }
            places[i] = Apply(events[i], block, time, policy);
        }
        return Close(block, time, header.Epoch, recorded.Position, recorded.Skipped, recorded.HeaderBytes, places);
    }
}
