using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Layout;

namespace RxChain.Ledger.StateMaps;

/// <summary>
/// Proof that a key has a value, or has none, under a state root: the bucket's (key, value hash) pairs and the 15
/// siblings on each level, lowest level first. Bytes: pair count u16, pairs 64 each, level count u8, siblings 15 × 32 each level.
/// </summary>
public sealed record StateProof(IReadOnlyList<(Hash32 Key, Hash32 ValueHash)> Pairs, IReadOnlyList<Hash32> Siblings)
{
    private const int SiblingsPerLevel = BucketTree.Arity - 1;

    /// <summary>True when under <paramref name="root"/> the key has exactly this value, or none when it is null.</summary>
    public bool Verify(in Hash32 root, in Hash32 key, byte[]? value)
    {
        int levels = Siblings.Count / SiblingsPerLevel;
        if (Siblings.Count % SiblingsPerLevel != 0 || levels is < 1 or > 5 || !ClaimsValue(key, value))
            return false;
        uint index = key.Prefix(4 * levels);
        var hash = BucketHash(index, 4 * levels);
        if (hash is null)
            return false;
        var node = hash.Value;
        Span<Hash32> children = stackalloc Hash32[BucketTree.Arity];
        for (int level = 0; level < levels; level++, index /= BucketTree.Arity)
        {
            for (int child = 0, sibling = level * SiblingsPerLevel; child < BucketTree.Arity; child++)
                children[child] = child == index % BucketTree.Arity ? node : Siblings[sibling++];
            node = BucketTree.NodeHash(level + 1, children);
        }
        return node == root;
    }

    /// <summary>The proof's bytes.</summary>
    public byte[] ToArray()
    {
        var writer = new ByteWriter(4096).U16(Pairs.Count);
        foreach (var (key, valueHash) in Pairs)
            writer.Hash(key).Hash(valueHash);
        writer.U8(Siblings.Count / SiblingsPerLevel);
        foreach (var sibling in Siblings)
            writer.Hash(sibling);
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="ToArray"/> wrote.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out StateProof? proof)
    {
        var reader = new ByteReader(bytes);
        var pairs = new (Hash32, Hash32)[reader.U16()];
        for (int i = 0; i < pairs.Length && !reader.Failed; i++)
            pairs[i] = (reader.Hash(), reader.Hash());
        var siblings = new Hash32[reader.U8() * SiblingsPerLevel];
        for (int i = 0; i < siblings.Length && !reader.Failed; i++)
            siblings[i] = reader.Hash();
        proof = reader.AtEnd ? new StateProof(pairs, siblings) : null;
        return proof is not null;
    }

    private bool ClaimsValue(Hash32 key, byte[]? value)
    {
        Hash32? shown = null;
        foreach (var pair in Pairs)
        {
            if (pair.Key == key)
                shown = pair.ValueHash;
        }
        return value is null ? shown is null : shown == Hash32.Sha256(value);
    }

    // Null when the pairs are not in ascending order or do not belong into this bucket.
    private Hash32? BucketHash(uint index, int bits)
    {
        byte[] buffer = new byte[1 + Pairs.Count * 2 * Hash32.SizeBytes];
        for (int i = 0, at = 1; i < Pairs.Count; i++, at += 2 * Hash32.SizeBytes)
        {
            if (Pairs[i].Key.Prefix(bits) != index || (i > 0 && Pairs[i - 1].Key >= Pairs[i].Key))
                return null;
            Pairs[i].Key.CopyTo(buffer.AsSpan(at));
            Pairs[i].ValueHash.CopyTo(buffer.AsSpan(at + Hash32.SizeBytes));
        }
        return Hash32.Sha256(buffer);
    }
}
