using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Layout;
using RxChain.Ledger.Members;

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
public sealed partial record EquivocationProof
{
    /// <summary>Longest proof: two statements, and less than 16 KiB besides.</summary>
    public const int MaxBytes = (2 * MaxStatementBytes) + (16 << 10);

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

    /// <summary>Reads a proof; false when the bytes do not follow the grammar. Says nothing about its truth: see <see cref="Holds"/>.</summary>
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
            || !MemberCard.IsName(validator) || first.Length > MaxStatementBytes || second.Length > MaxStatementBytes
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
}
