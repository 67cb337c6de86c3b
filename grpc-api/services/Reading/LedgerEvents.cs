using Google.Protobuf;
using RxChain.Engine;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Reading;

/// <summary>Reads event leaves.</summary>
internal static class LedgerEvents
{
    /// <summary>The event in a durable leaf, without marks; null for leaves of other kinds.</summary>
    public static LedgerEvent? Read(ILedgerNode node, long leafIndex)
    {
        var leaf = node.ReadLeaf(leafIndex);
        if (!EventLeaf.TryParse(leaf, out var parsed) || !SignedEvent.TryParse(parsed.Envelope, out var signed, out _))
            return null;
        return new LedgerEvent
        {
            LeafIndex = leafIndex,
            Outcome = parsed.Outcome,
            EventId = ByteString.CopyFrom(signed.EventId.Span),
            Envelope = UnsafeByteOperations.UnsafeWrap(parsed.Envelope),
            Event = signed.Event,
        };
    }
}
