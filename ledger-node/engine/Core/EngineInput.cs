using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
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

/// <summary>Time passed.</summary>
public sealed record Ticked(long NowMs) : EngineInput;

/// <summary>A validator's word to the others.</summary>
/// <param name="Sender">Name of the validator.</param>
public abstract record PeerMessage(string Sender);

/// <summary>Heads that the sender has on its disk, signed with its node key.</summary>
public sealed record HeadReport(string Sender, IReadOnlyList<CosignedHead> Heads, ReadOnlyMemory<byte> Signature) : PeerMessage(Sender);

/// <summary>The sender, whose turn it is, names the size to cosign.</summary>
public sealed record SizeNamed(string Sender, long Size) : PeerMessage(Sender);

/// <summary>The sender's cosignature of a head.</summary>
public sealed record HeadCosigned(string Sender, CosignedHead Head, NoteSignature Signature) : PeerMessage(Sender);

/// <summary>The sender has started and may not cosign before it knows what it cosigned in former lives. Asked of all.</summary>
/// <param name="Sender">Name of the validator.</param>
/// <param name="Question">Number of the question: only answers to the last one count.</param>
public sealed record HeadsAsked(string Sender, long Question) : PeerMessage(Sender);

/// <summary>The answer to one <see cref="HeadsAsked"/>; from disk, and even while starting.</summary>
/// <param name="Sender">Name of the validator.</param>
/// <param name="Question">Number of the question.</param>
/// <param name="Final">The last final head that the sender knows; size 0 when none.</param>
/// <param name="Yours">The largest head that the sender ever saw cosigned by who asks; size 0 when none.</param>
public sealed record HeadsShown(string Sender, long Question, CosignedHead Final, CosignedHead Yours) : PeerMessage(Sender);
