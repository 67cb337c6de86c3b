using System.Globalization;
using Google.Protobuf;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Errors;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using Prescription = RxChain.Protocol.V1.Prescription;

namespace RxChain.GrpcApi.Reading;

/// <summary>Lists prescriptions: the index finds them, the state says what they are now.</summary>
internal sealed class PrescriptionLister(ILedgerNode node, ILookupIndex index)
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 200;

    /// <summary>One page.</summary>
    public ListPrescriptionsResponse List(ListPrescriptionsRequest request)
    {
        var page = index.List(Query(request));
        var reply = new ListPrescriptionsResponse
        {
            NextPageToken = page.Next?.ToString(CultureInfo.InvariantCulture) ?? "",
            KnownSize = page.KnownSize,
        };
        foreach (byte[] id in page.PrescriptionIds)
        {
            // What changed since the index read it may not belong here any more.
            if (PrescriptionView.Read(node, UnsafeByteOperations.UnsafeWrap(id)) is { } found && StillMatches(request, found))
                reply.Prescriptions.Add(found);
        }
        return reply;
    }

    private LookupQuery Query(ListPrescriptionsRequest request)
    {
        long after = -1;
        if (request.PageToken.Length > 0
            && !long.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            throw RpcErrors.Malformed("page_token: not one of this service");
        if (request.GroupId.Length is not 0 and not PrescriptionView.IdBytes)
            throw RpcErrors.Malformed($"group_id: {request.GroupId.Length} bytes, not {PrescriptionView.IdBytes}");
        if (request.PageSize is < 0 or > MaxPageSize)
            throw RpcErrors.Malformed($"page_size: must be 0 to {MaxPageSize}");
        return new LookupQuery
        {
            Issuer = request.Issuer,
            Holder = request.Holder,
            Nominee = request.Nominee,
            Dispenser = request.Dispenser,
            GroupId = request.GroupId.Memory,
            Status = request.Status,
            LedgerTimeMs = node.Status.LedgerTimeMs,
            AfterLeaf = after,
            Limit = request.PageSize == 0 ? DefaultPageSize : request.PageSize,
        };
    }

    private static bool StillMatches(ListPrescriptionsRequest request, Prescription found) =>
        (request.Status == PrescriptionStatus.Unspecified || found.Status == request.Status)
        && (request.Holder.Length == 0 || found.Holder == request.Holder)
        && (request.Dispenser.Length == 0 || found.Supplies.Any(supply => supply.Dispenser == request.Dispenser));
}
