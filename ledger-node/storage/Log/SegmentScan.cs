using RxChain.Ledger;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;

namespace RxChain.Storage;

/// <summary>What one pass over a segment found.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Size">Leaves of the log up to its last whole block.</param>
/// <param name="EndOffset">Where that block ends.</param>
/// <param name="DataEnd">Where the last byte that is not zero ends; more than <paramref name="EndOffset"/> when something follows.</param>
/// <param name="LastLeaf">Hash of the last leaf up to there.</param>
/// <param name="Problem">What stands after the last whole block, if it is known to be wrong.</param>
/// <param name="DerivedDiffers">Index or leaf hashes must be rebuilt.</param>
/// <param name="AlteredLeaf">A leaf that index and hash tile contradict.</param>
internal sealed record SegmentScan(
    SegmentHeader Header, long Size, long EndOffset, long DataEnd, Hash32 LastLeaf,
    BlockProblem? Problem, bool DerivedDiffers, long? AlteredLeaf)
{
    /// <summary>Reads a whole segment, checking every checksum and hashing every leaf.</summary>
    public static SegmentScan Run(IDiskFile file, SegmentHeader header, DerivedBatch derived)
    {
        var scanner = new BlockScanner(file, SegmentHeader.SizeBytes, header.CapacityBytes, header.Salt, header.FirstIndex);
        var last = header.PreviousLeaf;
        long end = scanner.Offset, size = scanner.NextIndex;
        var problem = (BlockProblem?)null;
        while (problem is null && scanner.MoveNext())
        {
            if (!IsSeal(scanner.Record(scanner.Block.Count - 1)))
            {
                problem = new BlockProblem(scanner.BlockOffset, size, "the block does not end with a seal");
                break;
            }
            for (int i = 0; i < scanner.Block.Count; i++)
            {
                var leaf = scanner.Record(i);
                last = Rfc6962.LeafHash(leaf);
                derived.Add(IndexEntry.Of(header.Ordinal, scanner.RecordOffset(i), leaf.Length, last), last);
            }
            (end, size) = (scanner.Offset, scanner.NextIndex);
        }
        derived.Complete();
        long dataEnd = FileTail.EndOfData(file, end, header.CapacityBytes);
        if (dataEnd > end)
            problem ??= scanner.Problem ?? new BlockProblem(end, size, "bytes stand where a block should start");
        return new SegmentScan(header, size, end, dataEnd, last, problem, derived.Differs, derived.AlteredLeaf);
    }

    /// <summary>True for a leaf that closes a block.</summary>
    public static bool IsSeal(ReadOnlySpan<byte> leaf) => leaf.Length >= 2 && leaf[1] == (byte)LeafKind.Seal;
}
