using System.Text;
using RxChain.Engine.Ports;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>
/// Cosignatures that were received, verified. Of one key those of its last sizes are kept, so that signatures meet although
/// some validators are ahead of others, and a peer cannot fill the memory; its largest stays for good.
/// </summary>
internal sealed class Cosignatures(string network)
{
    private const int MaxPerKey = 16;
    private readonly Dictionary<VerifierKey, List<HeadCosigned>> _byKey = [];

    /// <summary>This node's cosignature; its head must be durable as the last one.</summary>
    public HeadCosigned Sign(ValidatorIdentity me, CosignedHead head, long nowMs) =>
        new(me.Name, head, new Cosigner(me.Name, me.CosignerKey).Sign(CheckpointOf(head), Math.Max(0, nowMs / 1000)));

    /// <summary>The final checkpoint with this node's log signature.</summary>
    public SignedCheckpoint Publish(LogSigner log, CosignedHead head, IEnumerable<NoteSignature> quorum)
    {
        var checkpoint = CheckpointOf(head);
        return new SignedCheckpoint(checkpoint, quorum.Prepend(log.Sign(checkpoint.ToString())));
    }

    public bool IsSignedBy(VerifierKey key, HeadCosigned cosigned) =>
        NoteVerifier.VerifyLine(key, Encoding.UTF8.GetBytes(CheckpointOf(cosigned.Head).ToString()), cosigned.Signature) is not null;

    public bool Has(VerifierKey key, CosignedHead head) => Of(key).Exists(c => c.Head == head);

    /// <summary>All that are known of a key, in ascending order of size.</summary>
    public List<HeadCosigned> Of(VerifierKey key) => _byKey.GetValueOrDefault(key) ?? [];

    /// <summary>The largest head that was ever seen cosigned by the key of this name and id, or null.</summary>
    public HeadCosigned? Largest(string name, uint keyId) =>
        _byKey.FirstOrDefault(k => k.Key.Name == name && k.Key.KeyId == keyId).Value?[^1];

    /// <summary>Adds a verified one.</summary>
    public void Add(VerifierKey key, HeadCosigned cosigned)
    {
        if (!_byKey.TryGetValue(key, out var known))
            _byKey[key] = known = [];
        known.RemoveAll(c => c.Head == cosigned.Head);
        known.Insert(known.FindLastIndex(c => c.Head.Size <= cosigned.Head.Size) + 1, cosigned);
        if (known.Count > MaxPerKey)
            known.RemoveAt(0);
    }

    /// <summary>The largest of the heads that <paramref name="mayBeFinal"/> says are ours and that a quorum has cosigned, with a minimal quorum.</summary>
    public (CosignedHead Head, IReadOnlyList<NoteSignature> Quorum)? FindFinal(ValidatorSet era, Func<CosignedHead, bool> mayBeFinal)
    {
        var heads = era.Names.SelectMany(name => Of(era.Cosigner(name)!)).Select(c => c.Head).Where(mayBeFinal).Distinct();
        foreach (var head in heads.OrderByDescending(h => h.Size))
        {
            var signatures = era.Names.Select(name => era.Cosigner(name)!).Where(key => Has(key, head))
                .ToDictionary(key => key, key => Of(key).Find(c => c.Head == head)!.Signature);
            if (era.Quorum.TrySelectQuorum(signatures.Keys, out var selected))
                return (head, [.. selected.Select(key => signatures[key])]);
        }
        return null;
    }

    /// <summary>True when a quorum of the era cosigned this very head.</summary>
    public bool QuorumSigned(ValidatorSet era, CosignedHead head) => FindFinal(era, h => h == head) is not null;

    public void ForgetUpTo(long size)
    {
        foreach (var known in _byKey.Values)
            known.RemoveAll(c => c.Head.Size <= size && c != known[^1]);
    }

    /// <summary>Two cosigned heads of one key that no one log has.</summary>
    public EquivocationProof Contradiction(VerifierKey key, HeadCosigned first, HeadCosigned second) => new()
    {
        Kind = EquivocationKind.Cosignatures,
        Validator = key.Name,
        Key = key.PublicKey,
        First = Note(first),
        Second = Note(second),
    };

    private byte[] Note(HeadCosigned cosigned) => new SignedCheckpoint(CheckpointOf(cosigned.Head), [cosigned.Signature]).ToBytes();

    private Checkpoint CheckpointOf(CosignedHead head) => new(network, head.Size, head.Root);
}
