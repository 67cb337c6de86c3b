using RxChain.Ledger.Batches;
using RxChain.Ledger.Leaves;

namespace RxChain.Ledger.Execution;

/// <summary>A batch's envelopes are its block's event leaves and the skipped duplicates, each in its place.</summary>
internal static class SkippedDuplicates
{
    /// <summary>What does not fit between a batch header, the skipped duplicates of the seal and the block's events; or null.</summary>
    public static string? FirstFault(SealLeaf seal, BatchHeader header, IReadOnlyList<CheckedEvent> events)
    {
        if (header.EnvelopeHashes.Count != events.Count + seal.Skipped.Count)
            return $"seal: its batch header names {header.EnvelopeHashes.Count} envelopes, but the block has {events.Count} events and {seal.Skipped.Count} skipped";
        if (events.Count == 0 && seal.Skipped.Count > 0)
            return "seal: a batch of nothing but duplicates makes no block";
        int next = 0, skipped = 0;
        for (int place = 0; place < header.EnvelopeHashes.Count; place++)
        {
            bool isSkipped = skipped < seal.Skipped.Count && seal.Skipped[skipped].Place == place;
            if (!isSkipped && next == events.Count)
                return $"seal: skipped duplicate {skipped} is out of place";
            var hash = isSkipped ? seal.Skipped[skipped++].EnvelopeHash : events[next++].Signed.EnvelopeHash;
            if (hash != header.EnvelopeHashes[place])
                return $"seal: envelope {place} is not the one that the batch header names";
        }
        return null;
    }
}
