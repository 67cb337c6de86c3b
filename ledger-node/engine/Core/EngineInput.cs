using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>Something that happened; the only way anything reaches the core.</summary>
public abstract record EngineInput;

/// <summary>The ordering delivered a put. <paramref name="Batch"/> is null when its bytes are no batch.</summary>
public sealed record PutArrived(ulong Position, CheckedBatch? Batch, string Fault) : EngineInput;

/// <summary>Everything below this size is durable.</summary>
public sealed record LogFlushed(long Size) : EngineInput;

/// <summary>The head that was to be cosigned is durable as this node's last.</summary>
public sealed record CosignedHeadSaved(CosignedHead Head) : EngineInput;

/// <summary>A peer sent something.</summary>
public sealed record PeerMessageArrived(PeerMessage Message) : EngineInput;

/// <summary>
/// A block that was copied from a peer, up to a final head. Taken when it follows this log; its bytes are made again and compared.
/// </summary>
/// <param name="Seal">The block's seal, parsed.</param>
/// <param name="Events">Its events in order, checked; a verdict of KeyUnknown is resolved here.</param>
/// <param name="Leaves">Its leaves as copied, the seal last.</param>
public sealed record BlockCopied(SealLeaf Seal, IReadOnlyList<CheckedEvent> Events, IReadOnlyList<ReadOnlyMemory<byte>> Leaves) : EngineInput;

/// <summary>
/// A final checkpoint that a peer published; verified here. It becomes final once this log durably holds exactly that head
/// and the era before it has ended: to be shown again until then.
/// </summary>
public sealed record FinalShown(SignedCheckpoint Checkpoint) : EngineInput;

/// <summary>The ordering no longer continues this log, as <see cref="OrderingLostException"/> says.</summary>
public sealed record OrderingLost(string Reason) : EngineInput;

/// <summary>Time passed.</summary>
public sealed record Ticked(long NowMs) : EngineInput;

