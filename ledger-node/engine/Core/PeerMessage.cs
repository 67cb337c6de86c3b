using RxChain.Engine.Ports;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>A validator's word to the others.</summary>
/// <param name="Sender">Name of the validator.</param>
public abstract record PeerMessage(string Sender);

/// <summary>Heads that the sender has on its disk, signed with its node key: see <see cref="Ledger.Evidence.HeadReportText"/>.</summary>
/// <param name="Sender">Name of the validator.</param>
/// <param name="Epoch">Epoch of the ordering in which it has them.</param>
/// <param name="Heads">Sizes and roots.</param>
/// <param name="Signature">64 bytes by the node key.</param>
public sealed record HeadReport(string Sender, ulong Epoch, IReadOnlyList<CosignedHead> Heads, ReadOnlyMemory<byte> Signature)
    : PeerMessage(Sender);

/// <summary>The sender, whose turn it is, names the size to cosign.</summary>
public sealed record SizeNamed(string Sender, long Size) : PeerMessage(Sender);

/// <summary>The sender's cosignature of a head.</summary>
public sealed record HeadCosigned(string Sender, CosignedHead Head, NoteSignature Signature) : PeerMessage(Sender);

/// <summary>
/// The sender has started and may not cosign before it knows what it cosigned in former lives; or it has fallen behind.
/// </summary>
/// <param name="Sender">Name of the member.</param>
/// <param name="Question">Number of the question, one for each life: only answers to it count.</param>
/// <param name="CosignerKeyId">Key id of the sender's cosigner key (C2SP signed-note).</param>
/// <param name="FinalSize">Leaves in the last head that the sender knows to be final; 0 for none.</param>
public sealed record HeadsAsked(string Sender, long Question, uint CosignerKeyId, long FinalSize) : PeerMessage(Sender);

/// <summary>The answer to one <see cref="HeadsAsked"/>; from disk, and even while starting.</summary>
/// <param name="Sender">Name of the validator.</param>
/// <param name="Question">Number of the question.</param>
/// <param name="Final">
/// The final checkpoint that who asks needs next: the one that ended the era it is in, else the last one. Null when the
/// sender knows none.
/// </param>
/// <param name="Yours">The largest head that the sender ever saw cosigned by that key of who asks, or null.</param>
public sealed record HeadsShown(string Sender, long Question, SignedCheckpoint? Final, HeadCosigned? Yours) : PeerMessage(Sender);
