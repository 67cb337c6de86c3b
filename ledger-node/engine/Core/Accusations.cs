using RxChain.Ledger;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>Finds two signed statements of one key that cannot both be true. One proof for a key is enough.</summary>
internal sealed class Accusations(PendingHeads heads, Cosignatures cosignatures, IEnumerable<EquivocationProof> known)
{
    private readonly HashSet<Ed25519PublicKey> _accused = [.. known.Select(p => p.Key)];

    // Of each key a cosigned head that this log does not have: it waits for one that this log has.
    private readonly Dictionary<VerifierKey, HeadCosigned> _foreign = [];

    /// <summary>Compares a verified cosignature with the others of its key. <paramref name="own"/> is this log's root at its size, if it has it.</summary>
    public void Examine(VerifierKey key, HeadCosigned cosigned, Hash32? own, List<EngineEffect> effects)
    {
        if (_accused.Contains(key.PublicKey))
            return;
        if (cosignatures.Of(key).Find(c => c.Head.Size == cosigned.Head.Size && c.Head.Root != cosigned.Head.Root) is { } twin)
            Raise(key.PublicKey, cosignatures.Contradiction(key, twin, cosigned), effects);
        else if (own is not null && own != cosigned.Head.Root)
            Compare(key, _foreign[key] = cosigned, cosignatures.Of(key).FindLast(c => heads.RootAt(c.Head.Size) == c.Head.Root), effects);
        else if (own is not null && _foreign.TryGetValue(key, out var foreign))
            Compare(key, foreign, cosigned, effects);
    }

    /// <summary>Keeps a proof unless there is one of this key.</summary>
    public void Raise(Ed25519PublicKey key, EquivocationProof proof, List<EngineEffect> effects)
    {
        if (!_accused.Add(key))
            return;
        effects.Add(new KeepEvidence(proof));
        effects.Add(new RaiseAlarm(
            $"EQUIVOCATION: {proof.Validator} has signed statements that cannot both be true ({proof.Kind}, key {key}). The proof is kept: show it to the other members and vote this key out."));
    }

    private void Compare(VerifierKey key, HeadCosigned foreign, HeadCosigned? ours, List<EngineEffect> effects)
    {
        if (ours is null || ours.Head.Size <= foreign.Head.Size || heads.RootAt(foreign.Head.Size) is not { } root
            || heads.Consistency(foreign.Head.Size, ours.Head.Size) is not { } consistency)
            return;
        var proof = cosignatures.Contradiction(key, foreign, ours) with { RootInSecond = root, Consistency = consistency };
        Raise(key.PublicKey, proof, effects);
    }
}
