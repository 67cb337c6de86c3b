using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Reading;
using RxChain.Ledger;
using RxChain.Prescriptions.Events;
using GoogleStatus = Google.Rpc.Status;

namespace RxChain.GrpcApi.Errors;

/// <summary>Says why an event did not take effect, with what the caller needs to go on.</summary>
internal static class Refusals
{
    /// <summary>A refusal that may be on the ledger.</summary>
    /// <param name="node">Asked for the head when the event does not fit to it, and for the holder when somebody else has it.</param>
    /// <param name="result">The refusal.</param>
    /// <param name="act">The event, or null when it could not be read.</param>
    public static GoogleStatus Of(ILedgerNode node, SubmitResult result, Event? act)
    {
        string reason = OutcomeStatus.Reason(result.Outcome);
        var metadata = new List<(string, string)>();
        if (!result.EventId.IsZero)
            metadata.Add(("event_id", result.EventId.ToString()));
        if (result.LeafIndex >= 0)
            metadata.Add(("leaf_index", result.LeafIndex.ToString(CultureInfo.InvariantCulture)));
        if (result.Detail.Length > 0)
            metadata.Add(("detail", result.Detail));
        if (result.Outcome is Outcome.Stale or Outcome.HeadUnknown && act is not null)
            AddHead(metadata, ActChain.Read(node, act));
        if (result.Outcome == Outcome.ClaimedByAnother && act is not null)
            AddHolder(metadata, node, act);
        string message = result.Detail.Length > 0 ? $"{reason}: {result.Detail}" : reason;
        return RpcErrors.Status(OutcomeStatus.Code(result.Outcome), reason, message, [.. metadata]);
    }

    /// <summary>A request id that stands for another event already.</summary>
    public static GoogleStatus RequestIdUsed(string requestId, Hash32 firstEventId) => RpcErrors.Status(
        StatusCode.AlreadyExists, "REQUEST_ID_USED", $"request_id {requestId} was used for another event",
        ("event_id", firstEventId.ToString()));

    /// <summary>The ordering cannot be reached.</summary>
    public static GoogleStatus Unavailable(OrderingUnavailableException cause, Hash32 eventId) => RpcErrors.Status(
        StatusCode.Unavailable, "ORDERING_UNAVAILABLE", cause.Message, ("event_id", eventId.ToString()));

    private static void AddHead(List<(string, string)> metadata, ActChain chain)
    {
        metadata.Add(("head_sequence", chain.Head.Sequence.ToString(CultureInfo.InvariantCulture)));
        metadata.Add(("head_event_id", Convert.ToHexStringLower(chain.Head.EventId.Span)));
    }

    private static void AddHolder(List<(string, string)> metadata, ILedgerNode node, Event act)
    {
        if (PrescriptionView.Read(node, act.PrescriptionId) is { Holder.Length: > 0 } prescription)
            metadata.Add(("holder", prescription.Holder));
    }
}
