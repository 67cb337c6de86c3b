using System.Buffers.Binary;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Leaves;

/// <summary>Bytes: version u8 = 1, kind u8 = 2, outcome u16, envelope verbatim.</summary>
public readonly record struct EventLeaf(Outcome Outcome, ReadOnlyMemory<byte> Envelope)
{
    private const int HeadSizeBytes = 4;

    /// <summary>The leaf's bytes.</summary>
    public byte[] ToArray()
    {
        byte[] leaf = new byte[HeadSizeBytes + Envelope.Length];
        leaf[0] = LeafFormat.Version;
        leaf[1] = (byte)LeafKind.Event;
        BinaryPrimitives.WriteUInt16BigEndian(leaf.AsSpan(2), (ushort)Outcome);
        Envelope.CopyTo(leaf.AsMemory(HeadSizeBytes));
        return leaf;
    }

    /// <summary>Reads the head of a leaf; the envelope is not parsed.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> leaf, out EventLeaf parsed)
    {
        parsed = default;
        var span = leaf.Span;
        if (span.Length <= HeadSizeBytes || span[0] != LeafFormat.Version || span[1] != (byte)LeafKind.Event)
            return false;
        parsed = new EventLeaf((Outcome)BinaryPrimitives.ReadUInt16BigEndian(span[2..]), leaf[HeadSizeBytes..]);
        return true;
    }
}
