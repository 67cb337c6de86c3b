using System.Text;
using RxChain.Engine.Ports;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>
/// Cosignatures that were received, verified. Of one validator those of its last sizes are kept, so that signatures meet
/// although some validators are ahead of others, and a peer cannot fill the memory.
/// </summary>
internal sealed class Cosignatures(string network, ValidatorSet validators)
{
    private const int MaxPerValidator = 16;
    private readonly Dictionary<string, List<HeadCosigned>> _bySender =
        validators.Names.ToDictionary(n => n, _ => new List<HeadCosigned>());

    /// <summary>This node's cosignature; its head must be durable as the last one.</summary>
    public HeadCosigned Sign(ValidatorIdentity me, CosignedHead head, long nowMs) =>
        new(me.Name, head, new Cosigner(me.Name, me.CosignerKey).Sign(CheckpointOf(head), Math.Max(0, nowMs / 1000)));

    /// <summary>The final checkpoint with this node's log signature.</summary>
    public SignedCheckpoint Publish(ValidatorIdentity me, CosignedHead head, IEnumerable<NoteSignature> quorum)
    {
        var checkpoint = CheckpointOf(head);
        return new SignedCheckpoint(checkpoint, quorum.Prepend(new LogSigner(network, me.LogKey).Sign(checkpoint.ToString())));
    }

    /// <summary>Null when the cosignature is taken or was known; else what is wrong with it.</summary>
    public string? Take(HeadCosigned cosigned)
    {
        if (validators.Cosigner(cosigned.Sender) is not { } key)
            return "it is not a validator's";
        var known = _bySender[cosigned.Sender];
        if (known.Exists(c => c.Head == cosigned.Head))
            return null;
        byte[] text = Encoding.UTF8.GetBytes(CheckpointOf(cosigned.Head).ToString());
        if (NoteVerifier.VerifyLine(key, text, cosigned.Signature) is null)
            return "it does not verify";
        if (known.Exists(c => c.Head.Size == cosigned.Head.Size))
            return $"it is for root {cosigned.Head.Root}, and there is one for another root: this validator's key has lied. Keep both logs and run rxaudit compare.";
        Add(cosigned);
        return null;
    }

    /// <summary>Adds one that this node has made.</summary>
    public void Add(HeadCosigned cosigned)
    {
        var known = _bySender[cosigned.Sender];
        known.RemoveAll(c => c.Head == cosigned.Head);
        known.Add(cosigned);
        if (known.Count > MaxPerValidator)
            known.RemoveAt(0);
    }

    /// <summary>The largest of the heads that <paramref name="mayBeFinal"/> says are ours and that a quorum has cosigned, with a minimal quorum.</summary>
    public (CosignedHead Head, IReadOnlyList<NoteSignature> Quorum)? FindFinal(Func<CosignedHead, bool> mayBeFinal)
    {
        var byHead = _bySender.Values.SelectMany(c => c).GroupBy(c => c.Head).Where(g => mayBeFinal(g.Key));
        foreach (var head in byHead.OrderByDescending(g => g.Key.Size))
        {
            var signatures = head.ToDictionary(c => validators.Cosigner(c.Sender)!, c => c.Signature);
            if (validators.Quorum.TrySelectQuorum(signatures.Keys, out var selected))
                return (head.Key, [.. selected.Select(key => signatures[key])]);
        }
        return null;
    }

    public void ForgetUpTo(long size)
    {
        foreach (var known in _bySender.Values)
            known.RemoveAll(c => c.Head.Size <= size);
    }

    private Checkpoint CheckpointOf(CosignedHead head) => new(network, head.Size, head.Root);
}
