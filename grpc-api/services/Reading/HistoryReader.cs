using Google.Protobuf;
using RxChain.Engine;
using RxChain.GrpcApi.Errors;
using RxChain.Prescriptions;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Reading;

/// <summary>Collects the leaves that name a prescription: those of the lookup index, then those it has not read yet.</summary>
internal sealed class HistoryReader(ILedgerNode node)
{
    private const int MaxReplyBytes = 3 << 20;
    private const int MaxUnindexedLeaves = 20_000;

    /// <summary>The history from a leaf on, as far as one reply holds it.</summary>
    public GetHistoryResponse Read(GetHistoryRequest request)
    {
        if (request.PrescriptionId.Length != PrescriptionView.IdBytes)
            throw RpcErrors.Malformed($"prescription_id: {request.PrescriptionId.Length} bytes, not {PrescriptionView.IdBytes}");
        long size = node.Status.Size;
        var (indexed, indexedSize) = node.FindLeaves(request.PrescriptionId.Memory);
        long knownSize = Math.Min(size, indexedSize + MaxUnindexedLeaves);
        var reply = new GetHistoryResponse { KnownSize = knownSize, Complete = knownSize == size };
        int bytes = 0;
        foreach (var e in Events(indexed.Where(leaf => leaf < size), indexedSize, knownSize, request))
        {
            ActMarks.Add(node, e);
            bytes += e.CalculateSize();
            if (bytes > MaxReplyBytes)
            {
                (reply.Complete, reply.KnownSize) = (false, e.LeafIndex);
                break;
            }
            reply.Events.Add(e);
        }
        return reply;
    }

    private IEnumerable<LedgerEvent> Events(IEnumerable<long> indexed, long indexedSize, long knownSize, GetHistoryRequest request)
    {
        foreach (long leaf in indexed)
        {
            if (leaf >= request.FromIndex && LedgerEvents.Read(node, leaf) is { } e)
                yield return e;
        }
        for (long leaf = Math.Max(indexedSize, request.FromIndex); leaf < knownSize; leaf++)
        {
            if (LedgerEvents.Read(node, leaf) is { } e && ActKinds.Prescriptions(e.Event).Contains(request.PrescriptionId))
                yield return e;
        }
    }
}
