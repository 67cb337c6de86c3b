using RxChain.Auditor.Findings;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Keys;

namespace RxChain.Auditor.Replay;

/// <summary>Signatures that the replay took as valid, to be verified: filled by the replaying thread, then run by another.</summary>
internal sealed class SignatureChecks
{
    private readonly List<(long Leaf, SignedEvent Signed, Lazy<P256PublicKey?>[] Keys)> _events = [];
    private readonly List<(long Leaf, long Height, ReadOnlyMemory<byte> Header, string Proposer, Lazy<Ed25519PublicKey?> Key)> _headers = [];

    /// <summary>Signatures of events among them.</summary>
    public int EventSignatures { get; private set; }

    /// <summary>The envelope's signatures, and a registration's proof of possession.</summary>
    public void Add(long leaf, SignedEvent signed, Lazy<P256PublicKey?>[] keys)
    {
        _events.Add((leaf, signed, keys));
        EventSignatures += keys.Length + (signed.Event.RegisterPractitioner is null ? 0 : 1);
    }

    /// <summary>The signature of a batch header.</summary>
    public void Add(long leaf, long height, ReadOnlyMemory<byte> header, string proposer, Lazy<Ed25519PublicKey?> key) =>
        _headers.Add((leaf, height, header, proposer, key));

    /// <summary>Verifies all; the first that fails, or null.</summary>
    public Finding? Run() => Finding.First(FirstBadEvent(), FirstBadHeader());

    private Finding? FirstBadEvent()
    {
        foreach (var (leaf, signed, keys) in _events)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                if (keys[i].Value is not { } key || !EventVerifier.IsSignedBy(key, signed, i))
                    return Finding.Tampered("signature", $"signature {i + 1} of {keys.Length}, by key {Convert.ToHexStringLower(signed.Event.KeyIds[i].Span)}, does not verify", leaf);
            }
            if (!EventVerifier.ProofOfPossessionHolds(signed.Event))
                return Finding.Tampered("signature", "the registration's proof of possession does not verify", leaf);
        }
        return null;
    }

    private Finding? FirstBadHeader()
    {
        foreach (var (leaf, height, header, proposer, key) in _headers)
        {
            if (key.Value is not { } nodeKey || !BatchHeader.IsSignedBy(nodeKey, header.Span))
                return Finding.Tampered("batch-header", $"its signature is not by the node key of {proposer}", leaf, height);
        }
        return null;
    }
}
