using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Layout;
using RxChain.Ledger.Members;

namespace RxChain.Ledger.Leaves;

/// <summary>A validator's signature of a recovery record, by its node key, 64 bytes.</summary>
public sealed record RecoverySignature(string Validator, ReadOnlyMemory<byte> Signature);

/// <summary>
/// Opens a new epoch when ordering was lost, forked or restored: alone in its block, right after the largest head that any of
/// a quorum of validators cosigned. Bytes (big-endian): version u8 = 1, kind u8 = 4, network (u16 length, UTF-8), epoch u64,
/// start position u64, base size u64, base root 32, statement count u8, each (name u8 length, size u64, root 32, signature 64),
/// signature count u8, each (name u8 length, signature 64). Without signatures it is a draft.
/// </summary>
public sealed record RecoveryLeaf
{
    private static readonly byte[] SignedContext = "RxChain recovery v1\n"u8.ToArray();

    /// <summary>Origin of the network.</summary>
    public required string Network { get; init; }

    /// <summary>The epoch that begins: one more than the last.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Puts after this position of the new order count.</summary>
    public required ulong StartPosition { get; init; }

    /// <summary>Leaves before this one.</summary>
    public required long BaseSize { get; init; }

    /// <summary>RFC 6962 root over them.</summary>
    public required Hash32 BaseRoot { get; init; }

    /// <summary>What the validators had cosigned, ascending by name.</summary>
    public required IReadOnlyList<RecoveryStatement> Statements { get; init; }

    /// <summary>Who signed the record, ascending by name.</summary>
    public required IReadOnlyList<RecoverySignature> Signatures { get; init; }

    /// <summary>SHA-256 of the bytes that its signatures are over: names the record whoever has signed it.</summary>
    public Hash32 SignedHash => Hash32.Sha256(SignedBytes());

    /// <summary>The leaf's bytes.</summary>
    public byte[] ToArray()
    {
        var writer = Unsigned().U8(Signatures.Count);
        foreach (var signature in Signatures)
            writer.Text8(signature.Validator).Raw(signature.Signature.Span);
        return writer.ToArray();
    }

    /// <summary>This record signed by one more validator; who signed it before signs anew.</summary>
    public RecoveryLeaf SignedBy(string validator, Ed25519PrivateKey nodeKey)
    {
        ArgumentNullException.ThrowIfNull(nodeKey);
        return With(new RecoverySignature(validator, nodeKey.Sign(SignedBytes())));
    }

    /// <summary>The same record with the signatures of both; null when they are two records.</summary>
    public RecoveryLeaf? Join(RecoveryLeaf other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Unsigned().Written.SequenceEqual(other.Unsigned().Written)
            ? other.Signatures.Aggregate(this, (record, signature) => record.With(signature)) : null;
    }

    /// <summary>Reads a record; false when the bytes do not follow the grammar. Verifies no signature.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> leaf, [NotNullWhen(true)] out RecoveryLeaf? record)
    {
        record = null;
        if (leaf.Length > LeafFormat.MaxSizeBytes)
            return false;
        var reader = new ByteReader(leaf);
        if (reader.U8() != LeafFormat.Version || reader.U8() != (byte)LeafKind.Recovery)
            return false;
        var parsed = new RecoveryLeaf
        {
            Network = reader.Text(reader.U16()),
            Epoch = reader.U64(),
            StartPosition = reader.U64(),
            BaseSize = reader.Count(),
            BaseRoot = reader.Hash(),
            Statements = ReadStatements(ref reader),
            Signatures = ReadSignatures(ref reader),
        };
        record = reader.AtEnd ? parsed : null;
        return record is not null;
    }

    /// <summary>The first thing that is wrong with the statements, or null: what a validator checks before it signs.</summary>
    public string? DraftFault(ValidatorSet validators)
    {
        ArgumentNullException.ThrowIfNull(validators);
        string[] names = [.. Statements.Select(s => s.Validator)];
        if (!AreValidators(validators, names))
            return "recovery: its statements must be of validators, in ascending order of name, each once";
        if (Statements.FirstOrDefault(s => !s.IsSignedBy(validators.NodeKey(s.Validator)!, Network, Epoch)) is { } forged)
            return $"recovery: the statement of {forged.Validator} is not signed by its node key";
        if (!validators.IsQuorum(names))
            return $"recovery: {names.Length} statements are not a quorum";
        if (BaseSize == 0 || Statements.Max(s => s.Size) != BaseSize)
            return $"recovery: its base, size {BaseSize}, is not the largest head that was cosigned";
        return Statements.FirstOrDefault(s => s.Size == BaseSize && s.Root != BaseRoot) is { } other
            ? $"recovery: {other.Validator} cosigned another head of size {BaseSize} than the base" : null;
    }

    /// <summary>The first thing that is wrong with the record, or null.</summary>
    public string? Fault(ValidatorSet validators)
    {
        if (DraftFault(validators) is { } fault)
            return fault;
        string[] names = [.. Signatures.Select(s => s.Validator)];
        if (!AreValidators(validators, names))
            return "recovery: its signatures must be of validators, in ascending order of name, each once";
        byte[] signed = SignedBytes();
        if (Signatures.FirstOrDefault(s => !validators.NodeKey(s.Validator)!.Verify(signed, s.Signature.Span)) is { } forged)
            return $"recovery: the signature of {forged.Validator} is not by its node key";
        return validators.IsQuorum(names) ? null : $"recovery: {names.Length} signatures are not a quorum";
    }

    private RecoveryLeaf With(RecoverySignature signature) => this with
    {
        Signatures = [.. Signatures.Where(s => s.Validator != signature.Validator).Append(signature).OrderBy(s => s.Validator, StringComparer.Ordinal)],
    };

    private ByteWriter Unsigned()
    {
        var writer = new ByteWriter(2048)
            .U8(LeafFormat.Version).U8((int)LeafKind.Recovery)
            .Text16(Network).U64(Epoch).U64(StartPosition).I64(BaseSize).Hash(BaseRoot).U8(Statements.Count);
        foreach (var statement in Statements)
            statement.Write(writer);
        return writer;
    }

    private byte[] SignedBytes() => [.. SignedContext, .. Unsigned().Written];

    private static bool AreValidators(ValidatorSet validators, string[] names) =>
        names.All(n => validators.NodeKey(n) is not null)
        && names.Zip(names.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) < 0);

    private static RecoveryStatement[] ReadStatements(ref ByteReader reader)
    {
        var statements = new RecoveryStatement[reader.U8()];
        for (int i = 0; i < statements.Length && !reader.Failed; i++)
            statements[i] = RecoveryStatement.Read(ref reader);
        return statements;
    }

    private static RecoverySignature[] ReadSignatures(ref ByteReader reader)
    {
        var signatures = new RecoverySignature[reader.U8()];
        for (int i = 0; i < signatures.Length && !reader.Failed; i++)
            signatures[i] = new RecoverySignature(reader.Text(reader.U8()), reader.Bytes(Ed25519.SignatureBytes));
        return signatures;
    }
}
