using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Layout;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Evidence;

/// <summary>What an <see cref="EquivocationProof"/> is made of.</summary>
public enum EquivocationKind : byte
{
    /// <summary>Two cosigned checkpoints that no one log can have.</summary>
    Cosignatures = 1,

    /// <summary>Two head reports with different roots for one size, in one epoch.</summary>
    HeadReports = 2,
}

/// <summary>
/// Two statements that one key has signed and that cannot both be true, verbatim. Whoever knows that the key is the
/// validator's needs nothing else to check it. Bytes: docs/FORMAT.md, "Equivocation proof".
/// </summary>
public sealed record EquivocationProof
{
    private const int Version = 1;
    private const int MaxStatementBytes = 1 << 20;

    /// <summary>What kind of statements these are.</summary>
    public required EquivocationKind Kind { get; init; }

    /// <summary>Name of the validator.</summary>
    public required string Validator { get; init; }

    /// <summary>The key that signed both: its cosigner key, or for head reports its node key.</summary>
    public required Ed25519PublicKey Key { get; init; }

    /// <summary>A signed note with one cosignature, or a report's signed bytes and its 64-byte signature. The one with fewer leaves.</summary>
    public required ReadOnlyMemory<byte> First { get; init; }

    /// <summary>The other.</summary>
    public required ReadOnlyMemory<byte> Second { get; init; }

    /// <summary>For checkpoints of different sizes: the root that the log of <see cref="Second"/> has at the size of <see cref="First"/>.</summary>
    public Hash32 RootInSecond { get; init; }

    /// <summary>For checkpoints of different sizes: RFC 6962 consistency proof from that root to the root of <see cref="Second"/>.</summary>
    public IReadOnlyList<Hash32> Consistency { get; init; } = [];

    /// <summary>The proof's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(512).U8(Version).U8((int)Kind).Text8(Validator).Raw(Key.Encoded)
            .Blob32(First.Span).Blob32(Second.Span).Hash(RootInSecond).U8(Consistency.Count);
        foreach (var hash in Consistency)
            writer.Hash(hash);
        return writer.ToArray();
    }

    /// <summary>Reads a proof; false when the bytes do not follow the grammar. Says nothing about its truth: see <see cref="Check"/>.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out EquivocationProof? proof)
    {
        proof = null;
        var reader = new ByteReader(bytes);
        byte version = reader.U8(), kind = reader.U8();
        string validator = reader.Text(reader.U8());
        var key = reader.Bytes(Ed25519.PublicKeyBytes);
        ReadOnlyMemory<byte> first = reader.Blob32(), second = reader.Blob32();
        var root = reader.Hash();
        var consistency = new Hash32[reader.U8()];
        for (int i = 0; i < consistency.Length; i++)
            consistency[i] = reader.Hash();
        if (!reader.AtEnd || version != Version || !Enum.IsDefined((EquivocationKind)kind)
            || first.Length > MaxStatementBytes || second.Length > MaxStatementBytes
            || !Ed25519PublicKey.TryImport(key.Span, out var imported))
            return false;
        proof = new EquivocationProof
        {
            Kind = (EquivocationKind)kind,
            Validator = validator,
            Key = imported,
            First = first,
            Second = second,
            RootInSecond = root,
            Consistency = consistency,
        };
        return true;
    }

    /// <summary>
    /// Null when the proof holds: <see cref="Key"/>, under the name <see cref="Validator"/>, signed both statements for
    /// this network, and they contradict. Else why it does not. That the key is the validator's, the caller must know.
    /// </summary>
    public string? Check(string network) =>
        Kind == EquivocationKind.Cosignatures ? CheckCosignatures(network) : CheckReports(network);

    private string? CheckCosignatures(string network)
    {
        var key = VerifierKey.Create(Validator, NoteAlgorithm.CosignatureV1, Key);
        if (ReadCosigned(First.Span, key, network) is not { } first || ReadCosigned(Second.Span, key, network) is not { } second)
            return $"a statement is not a checkpoint of {network} with one cosignature by {key}";
        if (first.Size == second.Size)
            return first.Root == second.Root ? "both checkpoints are the same" : Unused();
        if (first.Root == RootInSecond)
            return "the checkpoints are consistent";
        return MerkleVerifier.VerifyConsistency(first.Size, second.Size, RootInSecond, second.Root, [.. Consistency])
            ? null : "the root in the second log does not follow from its consistency proof";
    }

    private string? CheckReports(string network)
    {
        if (ReadReport(First) is not { } first || ReadReport(Second) is not { } second)
            return $"a statement is not a head report with a signature by node key {Key}";
        if (first.Network != network || second.Network != network || first.Sender != Validator || second.Sender != Validator)
            return $"a report is not {Validator}'s for {network}";
        if (first.Epoch != second.Epoch)
            return "the reports are of different epochs";
        var roots = first.Heads.ToLookup(h => h.Size, h => h.Root);
        return second.Heads.Any(h => roots[h.Size].Any(root => root != h.Root)) ? Unused() : "no size has two roots";
    }

    // One proof has one form: what a kind does not need is empty.
    private string? Unused() => RootInSecond == default && Consistency.Count == 0 ? null : "there is a consistency proof that nothing needs";

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
