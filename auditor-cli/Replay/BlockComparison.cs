using RxChain.Auditor.Findings;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;

namespace RxChain.Auditor.Replay;

/// <summary>Compares what the log shows of a block with what the rules make of it.</summary>
internal static class BlockComparison
{
    /// <summary>Whether the rebuilt block is the recorded one, byte for byte.</summary>
    public static Finding? CompareLeaves(ExecutedBlock rebuilt, IReadOnlyList<ParsedLeaf> recorded)
    {
        long first = rebuilt.Seal.FirstLeaf, height = rebuilt.Seal.Height;
        for (int i = 0; i < recorded.Count; i++)
        {
            if (rebuilt.Leaves[i].Span.SequenceEqual(recorded[i].Bytes.Span))
                continue;
            if (recorded[i].Seal is { } seal)
                return Finding.Tampered("seal", DescribeSeal(rebuilt.Seal, seal), first + i, height);
            return recorded[i].Event is null
                ? Finding.Tampered(recorded[i].Recovery is null ? "genesis" : "recovery", "not in its one canonical form", first + i, height)
                : Finding.Tampered("outcome", $"the log says {recorded[i].Outcome}, the rules say {rebuilt.Places[i].Outcome}", first + i, height);
        }
        return null;
    }

    private static string DescribeSeal(SealLeaf expected, SealLeaf seal)
    {
        (string Field, object Recorded, object Rules)[] fields =
        [
            ("height", seal.Height, expected.Height),
            ("first leaf", seal.FirstLeaf, expected.FirstLeaf),
            ("event count", seal.EventCount, expected.EventCount),
            ("previous seal", seal.PreviousSealHash, expected.PreviousSealHash),
            ("tree root", seal.TreeRoot, expected.TreeRoot),
            ("epoch", seal.Epoch, expected.Epoch),
            ("ledger time", seal.LedgerTimeMs, expected.LedgerTimeMs),
            ("state root", seal.StateRoot, expected.StateRoot),
        ];
        var different = fields.Where(f => !f.Recorded.Equals(f.Rules)).Select(f => $"{f.Field} is {f.Recorded}, recomputed {f.Rules}");
        return string.Join("; ", different.DefaultIfEmpty("not in its one canonical form"));
    }
}
