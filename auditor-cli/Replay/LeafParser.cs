using RxChain.Auditor.Sources;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;

namespace RxChain.Auditor.Replay;

/// <summary>Everything about a leaf that needs no other leaf: its hash, its grammar, the statement inside it. Runs on any thread.</summary>
internal static class LeafParser
{
    /// <summary>Hashes the leaves, and parses them unless only hashes are wanted.</summary>
    public static ParsedRun Parse(LeafRun run, bool hashesOnly)
    {
        var leaves = new ParsedLeaf[run.Leaves.Count];
        for (int i = 0; i < leaves.Length; i++)
        {
            var leaf = new ParsedLeaf(run.Leaves[i], Rfc6962.LeafHash(run.Leaves[i].Span));
            leaves[i] = hashesOnly ? leaf : Parse(leaf, run.First + i);
        }
        return new ParsedRun(run, leaves);
    }

    private static ParsedLeaf Parse(ParsedLeaf leaf, long index)
    {
        var bytes = leaf.Bytes.Span;
        if (bytes.Length < 2 || bytes[0] != LeafFormat.Version)
            return leaf with { Fault = $"does not begin with leaf version {LeafFormat.Version}" };
        return (LeafKind)bytes[1] switch
        {
            LeafKind.Genesis => index == 0 ? leaf : leaf with { Fault = "a second genesis" },
            LeafKind.Event => ParseEvent(leaf),
            LeafKind.Seal => ParseSeal(leaf),
            LeafKind.Recovery => RecoveryLeaf.TryParse(leaf.Bytes, out var record)
                ? leaf with { Recovery = record } : leaf with { Fault = "recovery: does not follow the grammar" },
            _ => leaf with { Fault = $"there is no leaf kind {bytes[1]}" },
        };
    }

    private static ParsedLeaf ParseEvent(ParsedLeaf leaf)
    {
        if (!EventLeaf.TryParse(leaf.Bytes, out var parsed))
            return leaf with { Fault = "event: too short" };
        if (!SignedEvent.TryParse(parsed.Envelope, out var signed, out var refusal))
            return leaf with { Fault = refusal.Detail };
        // Before the rules read its keys: a key that is none must not reach them.
        if (signed.Event.Propose is not null && !EventVerifier.ProofOfPossessionHolds(signed.Event))
            return leaf with { Fault = "propose: a key on the member card is not proved by its signature" };
        var checkedEvent = new CheckedEvent(signed, SignatureVerdict.Valid, EventVerifier.CheckStatement(signed.Event));
        return leaf with { Event = checkedEvent, Outcome = parsed.Outcome };
    }

    private static ParsedLeaf ParseSeal(ParsedLeaf leaf)
    {
        if (!SealLeaf.TryParse(leaf.Bytes, out var seal))
            return leaf with { Fault = "seal: does not follow the grammar" };
        if (seal.BatchHeader.IsEmpty)
            return leaf with { Seal = seal };
        return BatchHeader.TryParse(seal.BatchHeader, out var header)
            ? leaf with { Seal = seal, Header = header }
            : leaf with { Fault = "seal: its batch header does not follow the grammar" };
    }
}
