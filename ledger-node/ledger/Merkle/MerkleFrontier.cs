using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace RxChain.Ledger.Merkle;

/// <summary>
/// The compact range of an RFC 6962 tree: the roots of its maximal full subtrees, one for each set bit of its size.
/// Enough to append and to compute the root, in O(log n) memory. Not thread-safe.
/// </summary>
public sealed class MerkleFrontier
{
    private const int MaxLevels = 63;

    // _nodes[level] is meaningful if and only if bit `level` of Size is set.
    private readonly Hash32[] _nodes;

    /// <summary>An empty tree.</summary>
    public MerkleFrontier() => _nodes = new Hash32[MaxLevels];

    private MerkleFrontier(MerkleFrontier other)
    {
        _nodes = (Hash32[])other._nodes.Clone();
        Size = other.Size;
    }

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>RFC 6962 root at the present size: one hash for each set bit of the size but one.</summary>
    public Hash32 Root
    {
        get
        {
            if (Size == 0)
                return Rfc6962.EmptyRoot;
            int level = BitOperations.TrailingZeroCount(Size);
            var root = _nodes[level];
            while (++level < MaxLevels)
            {
                if ((Size >> level & 1) == 1)
                    root = Rfc6962.NodeHash(_nodes[level], root);
            }
            return root;
        }
    }

    /// <summary>Appends one leaf hash.</summary>
    public void Append(in Hash32 leafHash) => AppendSubtree(0, leafHash, []);

    /// <summary>
    /// Appends one leaf hash and tells which nodes it completed: <c>completed[l]</c> is the root of the full subtree of
    /// 2^l leaves that ends with this leaf, whose index at its level is <c>(Size - 1) >> l</c>. Returns their number
    /// (at least 1, the leaf). A span of 64 always suffices; nodes that do not fit are left out.
    /// </summary>
    public int Append(in Hash32 leafHash, Span<Hash32> completed) => AppendSubtree(0, leafHash, completed);

    /// <summary>Appends a full subtree of 2^<paramref name="level"/> leaves by its root; the size must be a multiple of that.</summary>
    public void AppendSubtree(int level, in Hash32 root) => AppendSubtree(level, root, []);

    /// <summary>An independent copy.</summary>
    public MerkleFrontier Clone() => new(this);

    /// <summary>Size as a big-endian u64, then the node hashes from the widest subtree to the narrowest.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[8 + Hash32.SizeBytes * BitOperations.PopCount((ulong)Size)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        int position = 8;
        for (int level = MaxLevels - 1; level >= 0; level--)
        {
            if ((Size >> level & 1) == 0)
                continue;
            _nodes[level].CopyTo(bytes.AsSpan(position));
            position += Hash32.SizeBytes;
        }
        return bytes;
    }

    /// <summary>Reads what <see cref="ToArray"/> wrote; false for any other length or a size beyond 2^63 - 1.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out MerkleFrontier? frontier)
    {
        frontier = null;
        if (bytes.Length < 8)
            return false;
        long size = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (size < 0 || bytes.Length != 8 + Hash32.SizeBytes * BitOperations.PopCount((ulong)size))
            return false;
        frontier = new MerkleFrontier { Size = size };
        int position = 8;
        for (int level = MaxLevels - 1; level >= 0; level--)
        {
            if ((size >> level & 1) == 0)
                continue;
            frontier._nodes[level] = new Hash32(bytes.Slice(position, Hash32.SizeBytes));
            position += Hash32.SizeBytes;
        }
        return true;
    }

    private int AppendSubtree(int level, in Hash32 root, Span<Hash32> completed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, MaxLevels);
        long leaves = 1L << level;
        if ((Size & (leaves - 1)) != 0)
            throw new ArgumentException($"A subtree of level {level} cannot follow {Size} leaves.", nameof(level));
        long newSize = checked(Size + leaves);
        var node = root;
        int count = 0;
        while (true)
        {
            if (count < completed.Length)
                completed[count] = node;
            count++;
            if ((Size >> level & 1) == 0)
                break;
            node = Rfc6962.NodeHash(_nodes[level++], node);
        }
        _nodes[level] = node;
        Size = newSize;
        return count;
    }
}
