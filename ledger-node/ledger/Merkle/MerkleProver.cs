using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace RxChain.Ledger.Merkle;

/// <summary>
/// Reads the root of the full subtree with leaves [index * 2^level, (index + 1) * 2^level).
/// False when the source does not have it.
/// </summary>
public delegate bool MerkleNodeReader(int level, long index, out Hash32 hash);

/// <summary>Builds RFC 6962 proofs out of the roots of full subtrees. A refusal means: out of range, or a node was missing.</summary>
public static class MerkleProver
{
    /// <summary>PATH(index, D[size]) of RFC 6962, section 2.1.1: the leaf's sibling first.</summary>
    public static bool TryProveInclusion(
        long index, long size, MerkleNodeReader nodes, [NotNullWhen(true)] out Hash32[]? proof)
    {
        proof = null;
        if (index < 0 || index >= size)
            return false;
        var path = new List<Hash32>();
        long begin = 0, end = size;
        while (end - begin > 1)
        {
            if (!TryStep(nodes, index, ref begin, ref end, path))
                return false;
        }
        path.Reverse();
        proof = [.. path];
        return true;
    }

    /// <summary>
    /// PROOF(oldSize, D[newSize]) of RFC 6962, section 2.1.2. Empty when the sizes are equal or the old tree is empty.
    /// </summary>
    public static bool TryProveConsistency(
        long oldSize, long newSize, MerkleNodeReader nodes, [NotNullWhen(true)] out Hash32[]? proof)
    {
        proof = null;
        if (oldSize < 0 || oldSize > newSize)
            return false;
        var path = new List<Hash32>();
        long begin = 0, end = newSize;
        while (oldSize != 0 && end != oldSize)
        {
            if (!TryStep(nodes, oldSize - 1, ref begin, ref end, path))
                return false;
        }
        // Unless the old tree is itself a subtree of the new one, the verifier needs the last subtree both share.
        if (begin != 0)
        {
            if (!TryRangeRoot(nodes, begin, end, out var shared))
                return false;
            path.Add(shared);
        }
        path.Reverse();
        proof = [.. path];
        return true;
    }

    /// <summary>Root of the first <paramref name="size"/> leaves.</summary>
    public static bool TryRoot(long size, MerkleNodeReader nodes, out Hash32 root)
    {
        root = Rfc6962.EmptyRoot;
        return size == 0 || (size > 0 && TryRangeRoot(nodes, 0, size, out root));
    }

    // Narrows [begin, end) to the half that holds leaf `index` and adds the other half's root to the path.
    private static bool TryStep(
        MerkleNodeReader nodes, long index, ref long begin, ref long end, List<Hash32> path)
    {
        long middle = begin + SplitPoint(end - begin);
        bool goLeft = index < middle;
        if (!TryRangeRoot(nodes, goLeft ? middle : begin, goLeft ? end : middle, out var sibling))
            return false;
        path.Add(sibling);
        if (goLeft)
            end = middle;
        else
            begin = middle;
        return true;
    }

    // `begin` is a multiple of the largest power of two that is not above the width: splitting as RFC 6962 does keeps it so.
    private static bool TryRangeRoot(MerkleNodeReader nodes, long begin, long end, out Hash32 root)
    {
        long width = end - begin;
        if (BitOperations.IsPow2(width))
        {
            int level = BitOperations.TrailingZeroCount(width);
            return nodes(level, begin >> level, out root);
        }
        long middle = begin + SplitPoint(width);
        if (!TryRangeRoot(nodes, begin, middle, out root) || !TryRangeRoot(nodes, middle, end, out var right))
            return false;
        root = Rfc6962.NodeHash(root, right);
        return true;
    }

    // The largest power of two smaller than `width`, which is at least 2.
    private static long SplitPoint(long width) => 1L << BitOperations.Log2((ulong)width - 1);
}
