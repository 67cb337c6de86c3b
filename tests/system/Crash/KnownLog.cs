using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Crash;

/// <summary>
/// What a client remembers of a log that it does not trust: which event is where, the tree over all leaves read so far, and
/// the last final checkpoint seen.
/// </summary>
internal sealed class KnownLog(TlogPolicy policy)
{
    private const int MaxLeaves = 256;

    private readonly MerkleFrontier _tree = new();
    private readonly Dictionary<Hash32, (long Leaf, Outcome Outcome)> _events = [];
    private SignedCheckpoint? _seen;

    /// <summary>Leaves read.</summary>
    public long Size => _tree.Size;

    /// <summary>Size of the last final checkpoint seen.</summary>
    public long FinalSize => _seen?.Checkpoint.Size ?? 0;

    /// <summary>
    /// Reads the leaves that are new. No event may be there twice, and the tree of the leaves that were read at any time
    /// before and now must be the node's: so none that was read ever changed or went.
    /// </summary>
    public async Task ReadOnAsync(NodeClient node)
    {
        var status = await node.StatusAsync();
        Assert.True(status.Size >= Size, $"the log shrank from {Size} to {status.Size} leaves");
        while (Size < status.Size)
        {
            var read = await node.Ledger.GetLeavesAsync(new GetLeavesRequest
            {
                FirstIndex = Size,
                MaxCount = (int)Math.Min(MaxLeaves, status.Size - Size),
            });
            foreach (var leaf in read.Leaves)
                Add(leaf.Memory);
        }
        Assert.Equal(new Hash32(status.Root.Span), _tree.Root);
    }

    /// <summary>Each of these is where the node said that it is. The log must have been read so far.</summary>
    public void CheckAcknowledged(IEnumerable<Acknowledged> acknowledged)
    {
        foreach (var one in acknowledged)
        {
            Assert.True(_events.TryGetValue(one.EventId, out var place), $"event {one.EventId}, acknowledged at leaf {one.LeafIndex}, is lost");
            Assert.Equal(one.LeafIndex, place.Leaf);
        }
    }

    /// <summary>True when the event is in the leaves read.</summary>
    public bool Has(in Hash32 eventId) => _events.ContainsKey(eventId);

    /// <summary>The leaf of an event that was accepted; null when it is not in the leaves read, or was refused.</summary>
    public long? AcceptedAt(in Hash32 eventId) =>
        _events.TryGetValue(eventId, out var place) && place.Outcome == Outcome.Accepted ? place.Leaf : null;

    /// <summary>A quorum cosigned this checkpoint, and it is the last one seen or one that extends it.</summary>
    public async Task CheckFinalAsync(NodeClient node, SignedCheckpoint checkpoint)
    {
        var verdict = policy.Evaluate(checkpoint);
        Assert.True(verdict.IsSatisfied, verdict.Reason);
        var (next, last) = (checkpoint.Checkpoint, _seen?.Checkpoint);
        Assert.True(next.Size >= FinalSize, $"the final checkpoint went back from {FinalSize} to {next.Size} leaves");
        if (last is not null)
        {
            var proof = await node.Ledger.GetConsistencyProofAsync(new GetConsistencyProofRequest { OldSize = last.Size, NewSize = next.Size });
            Hash32[] hashes = [.. proof.Hashes.Select(hash => new Hash32(hash.Span))];
            Assert.True(MerkleVerifier.VerifyConsistency(last.Size, next.Size, last.Root, next.Root, hashes), $"the final checkpoint of {next.Size} leaves is a fork of that of {last.Size}");
        }
        if (next.Size == Size)
            Assert.Equal(_tree.Root, next.Root);
        _seen = checkpoint;
    }

    private void Add(ReadOnlyMemory<byte> leaf)
    {
        if (EventLeaf.TryParse(leaf, out var parsed))
        {
            Assert.True(SignedEvent.TryParse(parsed.Envelope, out var signed, out _));
            Assert.True(_events.TryAdd(signed.EventId, (Size, parsed.Outcome)), $"event {signed.EventId} is in leaf {Size} and in leaf {_events[signed.EventId].Leaf}");
        }
        _tree.Append(Rfc6962.LeafHash(leaf.Span));
    }
}
