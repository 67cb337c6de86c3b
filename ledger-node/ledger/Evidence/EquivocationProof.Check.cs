using RxChain.Ledger.Keys;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Evidence;

/// <summary>What a proof must be to hold.</summary>
public sealed partial record EquivocationProof
{
    /// <summary>
    /// Whether <see cref="Key"/>, under the name <see cref="Validator"/>, signed both statements for this network, and they
    /// contradict. That the key is the validator's, the caller must know.
    /// </summary>
    /// <param name="network">Origin of the network.</param>
    /// <param name="what">What contradicts; or why the proof does not hold.</param>
    public bool Holds(string network, out string what)
    {
        (bool holds, what) = Kind == EquivocationKind.Cosignatures ? CheckCosignatures(network) : CheckReports(network);
        return holds;
    }

    private (bool Holds, string What) CheckCosignatures(string network)
    {
        var key = VerifierKey.Create(Validator, NoteAlgorithm.CosignatureV1, Key);
        if (ReadCosigned(First.Span, key, network) is not { } first || ReadCosigned(Second.Span, key, network) is not { } second)
            return (false, $"a statement is not a checkpoint of {network} with one cosignature by {key}");
        if (first.Size == second.Size)
            return first.Root == second.Root ? (false, "both checkpoints are the same") : WithoutProof($"it cosigned two roots for {first.Size} leaves, {first.Root} and {second.Root}");
        if (first.Root == RootInSecond)
            return (false, "the checkpoints are consistent");
        return MerkleVerifier.VerifyConsistency(first.Size, second.Size, RootInSecond, second.Root, [.. Consistency])
            ? (true, $"it cosigned root {first.Root} for {first.Size} leaves, but in the log of {second.Size} leaves that it cosigned too they have root {RootInSecond}")
            : (false, "the root in the second log does not follow from its consistency proof");
    }

    private (bool Holds, string What) CheckReports(string network)
    {
        if (ReadReport(First) is not { } first || ReadReport(Second) is not { } second)
            return (false, $"a statement is not a head report with a signature by node key {Key}");
        if (first.Network != network || second.Network != network || first.Sender != Validator || second.Sender != Validator)
            return (false, $"a report is not {Validator}'s for {network}");
        if (first.Epoch != second.Epoch)
            return (false, "the reports are of different epochs");
        var roots = first.Heads.ToLookup(h => h.Size, h => h.Root);
        foreach (var (size, root) in second.Heads)
        {
            Hash32[] others = [.. roots[size].Where(other => other != root)];
            if (others.Length > 0)
                return WithoutProof($"it reported two roots for {size} leaves in epoch {first.Epoch}, {others[0]} and {root}");
        }
        return (false, "no size has two roots");
    }

    // One proof has one form: what a kind does not need is empty.
    private (bool Holds, string What) WithoutProof(string what) =>
        RootInSecond == default && Consistency.Count == 0 ? (true, what) : (false, "there is a consistency proof that nothing needs");

    private static Checkpoint? ReadCosigned(ReadOnlySpan<byte> note, VerifierKey key, string network) =>
        SignedCheckpoint.TryParse(note, out var signed, out _) && signed.Checkpoint.Origin == network && signed.Note.Signatures.Count == 1
        && NoteVerifier.TryVerify(signed.Note, [key], out var verified, out _) && verified.Count == 1 ? signed.Checkpoint : null;

    private HeadReportText? ReadReport(ReadOnlyMemory<byte> statement)
    {
        int textBytes = statement.Length - Ed25519.SignatureBytes;
        return textBytes > 0 && Key.Verify(statement.Span[..textBytes], statement.Span[textBytes..])
            && HeadReportText.TryParse(statement[..textBytes], out var report) ? report : null;
    }
}
