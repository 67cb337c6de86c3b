using System.Numerics;

namespace RxChain.Ledger.Merkle;

/// <summary>
/// Verifies RFC 6962 proofs. Total over every input: a number out of range, a hash too many or too few, or a hash that
/// differs is <c>false</c>, never an exception.
/// </summary>
public static class MerkleVerifier
{
    /// <summary>Most hashes that a proof over at most 2^63 - 1 leaves can have.</summary>
    public const int MaxProofHashes = 64;

    /// <summary>True when leaf <paramref name="index"/> of the tree with this size and root has this leaf hash (RFC 9162, section 2.1.3.2).</summary>
    public static bool VerifyInclusion(
        long index, long size, in Hash32 leafHash, ReadOnlySpan<Hash32> proof, in Hash32 root)
    {
        if (index < 0 || index >= size)
            return false;
        long node = index, last = size - 1;
        var hash = leafHash;
        foreach (ref readonly var sibling in proof)
        {
            if (last == 0)
                return false;
            if (IsRightOrLast(node, last))
            {
                hash = Rfc6962.NodeHash(sibling, hash);
                SkipLoneAncestors(ref node, ref last);
            }
            else
            {
                hash = Rfc6962.NodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash == root;
    }

    /// <summary>
    /// True when the old tree is a prefix of the new one (RFC 9162, section 2.1.4.2). With equal sizes the roots must be
    /// equal and the proof empty; an old size of zero needs the empty root and an empty proof.
    /// </summary>
    public static bool VerifyConsistency(
        long oldSize, long newSize, in Hash32 oldRoot, in Hash32 newRoot, ReadOnlySpan<Hash32> proof)
    {
        if (oldSize < 0 || oldSize > newSize)
            return false;
        if (newSize == 0 && newRoot != Rfc6962.EmptyRoot)
            return false;
        if (oldSize == newSize)
            return proof.IsEmpty && oldRoot == newRoot;
        if (oldSize == 0)
            return proof.IsEmpty && oldRoot == Rfc6962.EmptyRoot;
        // An old tree that is a full subtree of the new one starts the walk itself; the proof leaves it out.
        if (BitOperations.IsPow2(oldSize))
            return VerifyWalk(oldSize, newSize, oldRoot, newRoot, oldRoot, proof);
        return !proof.IsEmpty && VerifyWalk(oldSize, newSize, oldRoot, newRoot, proof[0], proof[1..]);
    }

    private static bool VerifyWalk(
        long oldSize, long newSize, in Hash32 oldRoot, in Hash32 newRoot, Hash32 start, ReadOnlySpan<Hash32> proof)
    {
        long node = oldSize - 1, last = newSize - 1;
        int shared = BitOperations.TrailingZeroCount(oldSize);
        node >>= shared;
        last >>= shared;
        Hash32 oldHash = start, newHash = start;
        foreach (ref readonly var sibling in proof)
        {
            if (last == 0)
                return false;
            if (IsRightOrLast(node, last))
            {
                oldHash = Rfc6962.NodeHash(sibling, oldHash);
                newHash = Rfc6962.NodeHash(sibling, newHash);
                SkipLoneAncestors(ref node, ref last);
            }
            else
            {
                newHash = Rfc6962.NodeHash(newHash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot;
    }

    private static bool IsRightOrLast(long node, long last) => (node & 1) == 1 || node == last;

    // A last node without sibling stands for its parent too: climb until it is a right child.
    private static void SkipLoneAncestors(ref long node, ref long last)
    {
        while ((node & 1) == 0 && node != 0)
        {
            node >>= 1;
            last >>= 1;
        }
    }
}
