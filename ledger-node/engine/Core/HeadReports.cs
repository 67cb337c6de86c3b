using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Members;

namespace RxChain.Engine.Core;

/// <summary>
/// Which node keys reported which heads, in one epoch. Of one key the last <see cref="MaxPerKey"/> sizes are kept, and the
/// end of the era that rules now, so that a peer cannot fill the memory.
/// </summary>
internal sealed class HeadReports(string network)
{
    private const int MaxPerKey = 4096;
    private readonly Dictionary<Ed25519PublicKey, SortedDictionary<long, (Hash32 Root, HeadReport Report)>> _byKey = [];
    private ulong _epoch;

    /// <summary>Only reports of this epoch count.</summary>
    public ulong Epoch
    {
        get => _epoch;
        set
        {
            if (value != _epoch)
                _byKey.Clear();
            _epoch = value;
        }
    }

    public HeadReport Sign(string sender, IReadOnlyList<CosignedHead> heads, Ed25519PrivateKey nodeKey) =>
        new(sender, Epoch, heads, nodeKey.Sign(Text(sender, Epoch, heads).ToBytes()));

    public bool IsSignedBy(Ed25519PublicKey key, HeadReport report) =>
        key.Verify(Text(report.Sender, report.Epoch, report.Heads).ToBytes(), report.Signature.Span);

    /// <summary>Adds a head of a report. Returns the key's former report of another root for the same size, which stays.</summary>
    public HeadReport? Add(Ed25519PublicKey key, CosignedHead head, HeadReport report, long keep)
    {
        if (!_byKey.TryGetValue(key, out var heads))
            _byKey[key] = heads = [];
        if (heads.TryGetValue(head.Size, out var known))
            return known.Root == head.Root ? null : known.Report;
        heads[head.Size] = (head.Root, report);
        if (heads.Count > MaxPerKey)
            heads.Remove(heads.Keys.First(size => size != keep));
        return null;
    }

    /// <summary>What a key reported for this size, or null.</summary>
    public Hash32? Find(Ed25519PublicKey key, long size) =>
        _byKey.TryGetValue(key, out var heads) && heads.TryGetValue(size, out var known) ? known.Root : null;

    /// <summary>The validators of an era that reported this very head.</summary>
    public IEnumerable<string> Reporters(ValidatorSet era, CosignedHead head) =>
        era.Names.Where(name => Find(era.NodeKey(name)!, head.Size) == head.Root);

    /// <summary>True when a quorum of the era, <paramref name="self"/> included, reported this very head.</summary>
    public bool QuorumAgrees(ValidatorSet era, string self, CosignedHead head) =>
        Find(era.NodeKey(self)!, head.Size) == head.Root && era.IsQuorum(Reporters(era, head));

    public void ForgetBelow(long size)
    {
        foreach (var heads in _byKey.Values)
        {
            while (heads.Count > 0 && heads.Keys.First() is var first && first < size)
                heads.Remove(first);
        }
    }

    /// <summary>The statements of two reports that name different roots for one size.</summary>
    public EquivocationProof Contradiction(Ed25519PublicKey key, HeadReport first, HeadReport second) => new()
    {
        Kind = EquivocationKind.HeadReports,
        Validator = first.Sender,
        Key = key,
        First = Statement(first),
        Second = Statement(second),
    };

    private byte[] Statement(HeadReport report) =>
        [.. Text(report.Sender, report.Epoch, report.Heads).ToBytes(), .. report.Signature.Span];

    private HeadReportText Text(string sender, ulong epoch, IReadOnlyList<CosignedHead> heads) =>
        new(network, epoch, sender, [.. heads.Select(h => (h.Size, h.Root))]);
}
