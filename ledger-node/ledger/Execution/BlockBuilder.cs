using RxChain.Ledger.Merkle;

namespace RxChain.Ledger.Execution;

/// <summary>The leaves of a block under way.</summary>
internal sealed class BlockBuilder(MerkleFrontier tree)
{
    public long FirstLeaf { get; } = tree.Size;

    public long NextIndex => tree.Size;

    public List<ReadOnlyMemory<byte>> Leaves { get; } = [];

    public List<Hash32> LeafHashes { get; } = [];

    public Hash32 Add(byte[] leaf)
    {
        var hash = Rfc6962.LeafHash(leaf);
        tree.Append(hash);
        Leaves.Add(leaf);
        LeafHashes.Add(hash);
        return hash;
    }
}
