using Google.Rpc;
using Grpc.Core;
using GoogleStatus = Google.Rpc.Status;

namespace RxChain.Client;

/// <summary>Why a call failed, for programs.</summary>
/// <param name="Reason">"UNITS_EXCEEDED", "STALE", …: see the protos.</param>
/// <param name="Metadata">What goes with it: event_id, leaf_index, head_sequence, …</param>
public sealed record LedgerError(string Reason, IReadOnlyDictionary<string, string> Metadata)
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>Reads the details of a failed call; null when it was not a node that refused.</summary>
    public static LedgerError? From(RpcException exception) =>
        exception.Trailers.GetValueBytes(DetailsTrailer) is { } bytes ? From(GoogleStatus.Parser.ParseFrom(bytes)) : null;

    /// <summary>Reads the error of one event of a bulk stream.</summary>
    public static LedgerError? From(GoogleStatus status)
    {
        foreach (var detail in status.Details)
        {
            if (detail.TryUnpack<ErrorInfo>(out var info))
                return new LedgerError(info.Reason, info.Metadata.AsReadOnly());
        }
        return null;
    }
}
