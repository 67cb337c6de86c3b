using System.Text;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Members;

namespace RxChain.Engine.Core;

/// <summary>
/// Which validators reported which heads. Of one validator the last <see cref="MaxPerValidator"/> sizes are kept, so that a
/// peer cannot fill the memory.
/// </summary>
internal sealed class HeadReports(ValidatorSet validators)
{
    private const int MaxPerValidator = 4096;
    private readonly Dictionary<string, SortedDictionary<long, Hash32>> _bySender =
        validators.Names.ToDictionary(n => n, _ => new SortedDictionary<long, Hash32>());

    /// <summary>What a report's signature covers: a context line, the network, the sender, then each head in decimal and hex.</summary>
    public static byte[] SignedBytes(string network, string sender, IEnumerable<CosignedHead> heads)
    {
        var text = new StringBuilder("RxChain head report v1\n").Append(network).Append('\n').Append(sender).Append('\n');
        foreach (var head in heads)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{head.Size} {head.Root}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static HeadReport Sign(string network, string sender, IReadOnlyList<CosignedHead> heads, Ed25519PrivateKey nodeKey) =>
        new(sender, heads, nodeKey.Sign(SignedBytes(network, sender, heads)));

    public bool IsAuthentic(string network, HeadReport report) =>
        validators.NodeKey(report.Sender) is { } key
        && key.Verify(SignedBytes(network, report.Sender, report.Heads), report.Signature.Span);

    /// <summary>A peer reports another root than ours.</summary>
    public static RaiseAlarm SplitView(string sender, CosignedHead head, Hash32 own) => new(
        $"split view: {sender} reports size {head.Size} root {head.Root}, this node has root {own}. Compare both logs with rxaudit.");

    public void Add(string sender, CosignedHead head)
    {
        var heads = _bySender[sender];
        heads[head.Size] = head.Root;
        if (heads.Count > MaxPerValidator)
            heads.Remove(heads.Keys.First());
    }

    /// <summary>What a validator reported for this size, or null.</summary>
    public Hash32? Find(string sender, long size) =>
        _bySender[sender].TryGetValue(size, out var root) ? root : null;

    /// <summary>True when a quorum, <paramref name="self"/> included, reported this very head.</summary>
    public bool QuorumAgrees(string self, CosignedHead head) =>
        Find(self, head.Size) == head.Root
        && validators.IsQuorum(validators.Names.Where(name => Find(name, head.Size) == head.Root));

    public void ForgetBelow(long size)
    {
        foreach (var heads in _bySender.Values)
        {
            while (heads.Count > 0 && heads.Keys.First() is var first && first < size)
                heads.Remove(first);
        }
    }
}
