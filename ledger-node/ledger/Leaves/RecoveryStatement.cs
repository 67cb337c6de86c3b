using System.Diagnostics.CodeAnalysis;
using System.Text;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Layout;

namespace RxChain.Ledger.Leaves;

/// <summary>
/// A validator's word when ordering is lost: the largest head that its cosigner key ever signed. Whoever gives it cosigns
/// nothing any more before the new epoch. In a file: network (text16), epoch (u64), then as in a recovery leaf.
/// </summary>
/// <param name="Validator">Name of the validator.</param>
/// <param name="Size">Leaves in the head; 0 when it cosigned none.</param>
/// <param name="Root">Root of the head.</param>
/// <param name="Signature">By its node key, 64 bytes.</param>
public sealed record RecoveryStatement(string Validator, long Size, Hash32 Root, ReadOnlyMemory<byte> Signature)
{
    private static readonly byte[] SignedContext = "RxChain recovery statement v1\n"u8.ToArray();

    /// <summary>Makes and signs a statement for the epoch that is to begin.</summary>
    public static RecoveryStatement Sign(string network, ulong epoch, string validator, long size, Hash32 root, Ed25519PrivateKey nodeKey)
    {
        ArgumentNullException.ThrowIfNull(nodeKey);
        var unsigned = new RecoveryStatement(validator, size, root, default);
        return unsigned with { Signature = nodeKey.Sign(unsigned.SignedBytes(network, epoch)) };
    }

    /// <summary>True when the signature is by this node key, for this network and epoch.</summary>
    public bool IsSignedBy(Ed25519PublicKey nodeKey, string network, ulong epoch)
    {
        ArgumentNullException.ThrowIfNull(nodeKey);
        return nodeKey.Verify(SignedBytes(network, epoch), Signature.Span);
    }

    /// <summary>The statement as a file.</summary>
    public byte[] ToFile(string network, ulong epoch)
    {
        var writer = new ByteWriter().Text16(network).U64(epoch);
        Write(writer);
        return writer.ToArray();
    }

    /// <summary>Reads a statement's file; false when the bytes do not follow the grammar. Verifies no signature.</summary>
    public static bool TryParseFile(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out RecoveryStatement? statement, out string network, out ulong epoch)
    {
        var reader = new ByteReader(bytes);
        network = reader.Text(reader.U16());
        epoch = reader.U64();
        var parsed = Read(ref reader);
        statement = reader.AtEnd ? parsed : null;
        return statement is not null;
    }

    internal void Write(ByteWriter writer) =>
        writer.Text8(Validator).I64(Size).Hash(Root).Raw(Signature.Span);

    internal static RecoveryStatement Read(ref ByteReader reader) =>
        new(reader.Text(reader.U8()), reader.Count(), reader.Hash(), reader.Bytes(Ed25519.SignatureBytes));

    private byte[] SignedBytes(string network, ulong epoch) =>
        new ByteWriter().Raw(SignedContext).Text16(network).U64(epoch).Text8(Validator).I64(Size).Hash(Root).ToArray();
}
