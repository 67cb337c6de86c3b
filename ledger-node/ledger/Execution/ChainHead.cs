using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;

namespace RxChain.Ledger.Execution;

/// <summary>Where a log stands right after a seal: all that the next block builds on, beside the state map.</summary>
public sealed class ChainHead
{
    private readonly Dictionary<long, Hash32> _recentSeals = [];

    /// <summary>Height of the last seal; -1 before the first.</summary>
    public long Height { get; private set; } = -1;

    /// <summary>Leaf hash of the last seal.</summary>
    public Hash32 SealHash { get; private set; }

    /// <summary>Ledger time of the last block, ms since the Unix epoch.</summary>
    public long LedgerTimeMs { get; private set; }

    /// <summary>Epoch of the ordering.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>Place in the ordering of the last batch that made a block.</summary>
    public ulong OrderingPosition { get; private set; }

    /// <summary>The tree over all leaves so far.</summary>
    public MerkleFrontier Tree { get; private init; } = new();

    /// <summary>Number of leaves.</summary>
    public long Size => Tree.Size;

    /// <summary>Resumes after the last of <paramref name="seals"/>, over a tree that ends with it.</summary>
    /// <param name="seals">The last seals in ascending order of height, with their leaf hashes.</param>
    /// <param name="tree">The tree up to and with the last seal.</param>
    /// <param name="keepSeals">How many of the last seals a batch may have as its base.</param>
    public static ChainHead Resume(IEnumerable<(SealLeaf Seal, Hash32 Hash)> seals, MerkleFrontier tree, int keepSeals)
    {
        var head = new ChainHead { Tree = tree };
        foreach (var (seal, hash) in seals)
            head.Advance(seal, hash, keepSeals);
        return head;
    }

    /// <summary>Takes the seal that closes a block; its leaf must be in the tree already.</summary>
    public void Advance(SealLeaf seal, Hash32 sealHash, int keepSeals)
    {
        Height = seal.Height;
        SealHash = sealHash;
        LedgerTimeMs = seal.LedgerTimeMs;
        Epoch = seal.Epoch;
        OrderingPosition = seal.OrderingPosition;
        _recentSeals[seal.Height] = sealHash;
        _recentSeals.Remove(seal.Height - keepSeals);
    }

    /// <summary>Leaf hash of the seal of one of the last blocks, or null for another height.</summary>
    public Hash32? RecentSeal(long height) => _recentSeals.TryGetValue(height, out var hash) ? hash : null;

    /// <summary>True when the block of this height is one of the last and its seal has this hash.</summary>
    public bool HasRecent(long height, in Hash32 sealHash) =>
        RecentSeal(height) == sealHash;
}
