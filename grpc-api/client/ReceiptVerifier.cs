using System.Diagnostics.CodeAnalysis;
using System.Text;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;

namespace RxChain.Client;

/// <summary>An event that a quorum has cosigned.</summary>
/// <param name="LeafIndex">Its leaf.</param>
/// <param name="Outcome">What the contract decided.</param>
/// <param name="Signed">The event and its envelope.</param>
/// <param name="Receipt">The proof, to be kept beside the leaf.</param>
public sealed record VerifiedEvent(long LeafIndex, Outcome Outcome, SignedEvent Signed, TlogProof Receipt);

/// <summary>Verifies receipts against a policy that the caller holds. Trusts no node.</summary>
public sealed class ReceiptVerifier(TlogPolicy policy)
{
    /// <summary>True when a quorum of the policy cosigned a tree that holds this leaf at this index.</summary>
    public bool TryVerify(
        string receipt, long leafIndex, ReadOnlyMemory<byte> leaf,
        [NotNullWhen(true)] out VerifiedEvent? verified, [NotNullWhen(false)] out string? error)
    {
        verified = null;
        if (!TlogProof.TryParse(Encoding.UTF8.GetBytes(receipt), out var proof, out error))
            return false;
        if (proof.Index != leafIndex)
            error = $"the receipt is for leaf {proof.Index}, not {leafIndex}";
        else if (!proof.VerifyInclusion(Rfc6962.LeafHash(leaf.Span)))
            error = "the receipt's path does not lead from the leaf to the root";
        else if (policy.Evaluate(proof.Checkpoint) is { IsSatisfied: false } verdict)
            error = verdict.Reason ?? "the policy is not met";
        else if (!EventLeaf.TryParse(leaf, out var parsed) || !SignedEvent.TryParse(parsed.Envelope, out var signed, out _))
            error = "the leaf is not an event";
        else
            verified = new VerifiedEvent(leafIndex, parsed.Outcome, signed, proof);
        return verified is not null;
    }
}
