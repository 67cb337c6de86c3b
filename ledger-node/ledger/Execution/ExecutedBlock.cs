using RxChain.Ledger.Batches;
using RxChain.Ledger.Leaves;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Execution;

/// <summary>A batch with what is known of its events' signatures.</summary>
public sealed record CheckedBatch(Batch Batch, IReadOnlyList<CheckedEvent> Events);

/// <summary>What became of one event of a batch.</summary>
/// <param name="Outcome">The contract's decision, the first one for a duplicate.</param>
/// <param name="LeafIndex">The leaf that holds it.</param>
/// <param name="Duplicate">True when it was on the ledger before.</param>
public readonly record struct EventPlace(Outcome Outcome, long LeafIndex, bool Duplicate);

/// <summary>A block made out of a batch.</summary>
/// <param name="Leaves">Event leaves, then the seal.</param>
/// <param name="LeafHashes">Their leaf hashes.</param>
/// <param name="Seal">The seal.</param>
/// <param name="Places">For each event of the batch, where it is.</param>
public sealed record ExecutedBlock(
    IReadOnlyList<ReadOnlyMemory<byte>> Leaves, Hash32[] LeafHashes, SealLeaf Seal, IReadOnlyList<EventPlace> Places)
{
    /// <summary>Number of leaves once the block is appended.</summary>
    public long SizeAfter => Seal.LeafIndex + 1;
}
