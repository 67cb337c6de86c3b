using Google.Protobuf;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Engine;

/// <summary>How far an event must have come before a submitter is answered.</summary>
public enum Commitment
{
    /// <summary>Ordered, applied and durable on this node.</summary>
    Ordered,

    /// <summary>In a head that a quorum of validators cosigned.</summary>
    Final,
}

/// <summary>What became of a submitted event.</summary>
/// <param name="EventId">The event's id; zero when the envelope could not be read.</param>
/// <param name="Outcome">Accepted, or the refusal. Below 100 (and not 0): never ordered.</param>
/// <param name="Detail">For a refusal before ordering: what is wrong and where.</param>
/// <param name="LeafIndex">The leaf that holds the event; -1 when it was never ordered.</param>
/// <param name="Duplicate">True when it was on the ledger before: outcome and leaf are the first ones.</param>
public readonly record struct SubmitResult(Hash32 EventId, Outcome Outcome, string Detail, long LeafIndex, bool Duplicate);

/// <summary>Where a node stands.</summary>
public sealed record NodeStatus
{
    /// <summary>Name of the member that runs the node.</summary>
    public required string Member { get; init; }

    /// <summary>Origin of the network.</summary>
    public required string Origin { get; init; }

    /// <summary>Height of the last durable block.</summary>
    public required long Height { get; init; }

    /// <summary>Durable leaves.</summary>
    public required long Size { get; init; }

    /// <summary>RFC 6962 root over them.</summary>
    public required Hash32 Root { get; init; }

    /// <summary>Leaves in the last final head; 0 before the first.</summary>
    public required long FinalSize { get; init; }

    /// <summary>Leaves in the last head that this node cosigned.</summary>
    public required long CosignedSize { get; init; }

    /// <summary>Why the node takes no more writes, or null.</summary>
    public Core.Halt? Halt { get; init; }

    /// <summary>Ledger time of the last block, ms since the Unix epoch.</summary>
    public required long LedgerTimeMs { get; init; }

    /// <summary>Public keys imported since the start.</summary>
    public required long KeyImports { get; init; }

    /// <summary>Puts since the start that changed nothing: duplicates, late clock reports, and what is no valid batch. An
    /// alarm tells of the last kind.</summary>
    public required long IgnoredPuts { get; init; }

    /// <summary>What an operator must look at, newest last.</summary>
    public required IReadOnlyList<string> Alarms { get; init; }

    /// <summary>The other members' nodes that this one knows.</summary>
    public IReadOnlyList<PeerStatus> Peers { get; init; } = [];

    /// <summary>What is wrong with the ordering; empty when nothing is known to be.</summary>
    public IReadOnlyList<string> OrderingProblems { get; init; } = [];

    /// <summary>Leaves up to which blocks are being copied from peers; 0 when none are.</summary>
    public long CopyTarget { get; init; }
}

/// <summary>A running node as the services see it. Thread-safe.</summary>
public interface ILedgerNode
{
    /// <summary>Member that runs this node.</summary>
    string Member { get; }

    /// <summary>The first leaf, parsed.</summary>
    GenesisLeaf Genesis { get; }

    /// <summary>
    /// Completes when the node has stopped: normally when it was told to, with the exception when it had to stop itself, as
    /// after a failed flush. What is durable can be read for as long as the process lasts; nothing is taken any more.
    /// </summary>
    Task Completion { get; }

    /// <summary>Present position.</summary>
    NodeStatus Status { get; }

    /// <summary>
    /// Submits one envelope and waits as far as asked. Throws <see cref="Ports.OrderingUnavailableException"/> when the
    /// ordering cannot be reached or the node is overloaded, and <see cref="OperationCanceledException"/>; after either the event may or may not be on
    /// the ledger: the same envelope can be submitted again without harm.
    /// </summary>
    Task<SubmitResult> SubmitAsync(ReadOnlyMemory<byte> envelope, Commitment commitment, CancellationToken cancellationToken);

    /// <summary>As above, with an envelope that the caller has parsed already. Its signatures are verified here.</summary>
    Task<SubmitResult> SubmitAsync(SignedEvent signed, Commitment commitment, CancellationToken cancellationToken) =>
        SubmitAsync(signed.Bytes, commitment, cancellationToken);

    /// <summary>Reads an entry of the state after the last applied block, with that block's size and ledger time.</summary>
    StateRead<T> ReadState<T>(EntityKind kind, ReadOnlyMemory<byte> id) where T : class, IMessage<T>, new();

    /// <summary>A durable leaf's bytes. Throws <see cref="ArgumentOutOfRangeException"/> beyond the durable size.</summary>
    ReadOnlyMemory<byte> ReadLeaf(long index);

    /// <summary>Leaf indexes of all events, refused ones too, that name a prescription; ascending. Says how many leaves it knows of.</summary>
    (IReadOnlyList<long> Leaves, long KnownSize) FindLeaves(ReadOnlyMemory<byte> prescriptionId);

    /// <summary>Root of a full subtree of the durable tree: see <see cref="Ports.ILeafLog.TryReadNode"/>.</summary>
    bool TryReadNode(int level, long index, out Hash32 hash);

    /// <summary>The last final checkpoint with this node's log signature and a minimal quorum, or null before the first.</summary>
    SignedCheckpoint? FinalCheckpoint { get; }

    /// <summary>The final checkpoint that ended an era of validators (1 and up); null while it has not ended.</summary>
    SignedCheckpoint? FindEraEnd(uint era) => null;

    /// <summary>Proofs that validators' keys signed what cannot both be true; oldest first.</summary>
    IReadOnlyList<EquivocationProof> Evidence => [];

    /// <summary>The receipt of a leaf under the last final head; null when the leaf is not final yet.</summary>
    TlogProof? CreateReceipt(long leafIndex);

    /// <summary>
    /// Value of an entry (null when absent) with its proof under the state root of the last final head, and the index of
    /// the seal that holds that root; null before the first final head.
    /// </summary>
    ProvenState? ProveState(EntityKind kind, ReadOnlyMemory<byte> id);

    /// <summary>Completes when the durable (or final) size is more than <paramref name="size"/>; returns it.</summary>
    Task<long> WaitBeyondAsync(long size, Commitment commitment, CancellationToken cancellationToken);
}

/// <summary>An entry of the state as read.</summary>
/// <param name="Value">The entry, or null. Not to be changed.</param>
/// <param name="Size">Leaves applied.</param>
/// <param name="LedgerTimeMs">Ledger time there.</param>
public readonly record struct StateRead<T>(T? Value, long Size, long LedgerTimeMs) where T : class;

/// <summary>A proven entry of the state.</summary>
public sealed record ProvenState(byte[]? Value, StateProof Proof, long SealIndex, SignedCheckpoint Checkpoint);
