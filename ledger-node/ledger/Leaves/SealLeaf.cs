using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Layout;

namespace RxChain.Ledger.Leaves;

/// <summary>A duplicate that a block skipped: its place in the batch and its envelope's hash.</summary>
public readonly record struct SkippedDuplicate(int Place, Hash32 EnvelopeHash);

/// <summary>
/// Closes a block. Bytes (big-endian): version u8 = 1, kind u8 = 3, height u64, first leaf u64, event count u32,
/// previous seal's leaf hash 32, tree root before this leaf 32, state root 32, epoch u64, ordering position u64,
/// ledger time i64 (ms), skipped count u16, skipped × (place u16, envelope hash 32), batch header (u32 length, bytes).
/// Height 0 closes the genesis leaf and has an empty batch header.
/// </summary>
public sealed record SealLeaf
{
    /// <summary>0 for the block that holds the genesis leaf, then one more each.</summary>
    public required long Height { get; init; }

    /// <summary>Index of the block's first leaf.</summary>
    public required long FirstLeaf { get; init; }

    /// <summary>Event leaves in the block (for height 0: the genesis leaf).</summary>
    public required int EventCount { get; init; }

    /// <summary>Leaf hash of the seal before; zeros at height 0. The hash chain of blocks.</summary>
    public required Hash32 PreviousSealHash { get; init; }

    /// <summary>RFC 6962 root of all leaves before this one.</summary>
    public required Hash32 TreeRoot { get; init; }

    /// <summary>Root of the state map after the block.</summary>
    public required Hash32 StateRoot { get; init; }

    /// <summary>Epoch of the ordering.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Place of the batch in the ordering.</summary>
    public required ulong OrderingPosition { get; init; }

    /// <summary>Ledger time of the block, ms since the Unix epoch.</summary>
    public required long LedgerTimeMs { get; init; }

    /// <summary>Duplicates in the batch that made no leaf.</summary>
    public required IReadOnlyList<SkippedDuplicate> Skipped { get; init; }

    /// <summary>The signed batch header, verbatim.</summary>
    public required ReadOnlyMemory<byte> BatchHeader { get; init; }

    /// <summary>Index of this leaf.</summary>
    public long LeafIndex => FirstLeaf + EventCount;

    /// <summary>The leaf's bytes.</summary>
    public byte[] ToArray()
    {
        var writer = new ByteWriter(256 + BatchHeader.Length)
            .U8(LeafFormat.Version).U8((int)LeafKind.Seal)
            .I64(Height).I64(FirstLeaf).U32((uint)EventCount)
            .Hash(PreviousSealHash).Hash(TreeRoot).Hash(StateRoot)
            .U64(Epoch).U64(OrderingPosition).I64(LedgerTimeMs)
            .U16(Skipped.Count);
        foreach (var skipped in Skipped)
            writer.U16(skipped.Place).Hash(skipped.EnvelopeHash);
        return writer.Blob32(BatchHeader.Span).ToArray();
    }

    /// <summary>Reads a seal; false when the bytes do not follow the grammar.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> leaf, [NotNullWhen(true)] out SealLeaf? seal)
    {
        seal = null;
        if (leaf.Length > LeafFormat.MaxSizeBytes)
            return false;
        var reader = new ByteReader(leaf);
        if (reader.U8() != LeafFormat.Version || reader.U8() != (byte)LeafKind.Seal)
            return false;
        var parsed = new SealLeaf
        {
            Height = reader.Count(),
            FirstLeaf = reader.Count(),
            EventCount = ReadEventCount(ref reader),
            PreviousSealHash = reader.Hash(),
            TreeRoot = reader.Hash(),
            StateRoot = reader.Hash(),
            Epoch = reader.U64(),
            OrderingPosition = reader.U64(),
            LedgerTimeMs = reader.Count(),
            Skipped = ReadSkipped(ref reader),
            BatchHeader = reader.Blob32(),
        };
        seal = reader.AtEnd ? parsed : null;
        return seal is not null;
    }

    private static int ReadEventCount(ref ByteReader reader)
    {
        uint count = reader.U32();
        if (count > int.MaxValue)
            reader.Fail();
        return (int)count;
    }

    private static SkippedDuplicate[] ReadSkipped(ref ByteReader reader)
    {
        var skipped = new SkippedDuplicate[reader.U16()];
        for (int i = 0; i < skipped.Length && !reader.Failed; i++)
            skipped[i] = new SkippedDuplicate(reader.U16(), reader.Hash());
        return skipped;
    }
}
