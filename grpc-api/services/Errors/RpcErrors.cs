using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using GoogleStatus = Google.Rpc.Status;
using GrpcStatus = Grpc.Core.Status;

namespace RxChain.GrpcApi.Errors;

/// <summary>Errors in the Google error model: a google.rpc.Status with one ErrorInfo.</summary>
internal static class RpcErrors
{
    /// <summary>Who defines the reasons.</summary>
    public const string Domain = "rxchain";

    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>An error as a value, for results in a stream.</summary>
    public static GoogleStatus Status(
        StatusCode code, string reason, string message, params ReadOnlySpan<(string Key, string Value)> metadata)
    {
        var info = new ErrorInfo { Reason = reason, Domain = Domain };
        foreach (var (key, value) in metadata)
            info.Metadata[key] = value;
        return new GoogleStatus { Code = (int)code, Message = message, Details = { Any.Pack(info) } };
    }

    /// <summary>An error to throw out of an rpc.</summary>
    public static RpcException Exception(
        StatusCode code, string reason, string message, params ReadOnlySpan<(string Key, string Value)> metadata) =>
        ToException(Status(code, reason, message, metadata));

    /// <summary>The exception that ends a call with this error.</summary>
    public static RpcException ToException(GoogleStatus status) => new(
        new GrpcStatus((StatusCode)status.Code, status.Message),
        new Metadata { { DetailsTrailer, status.ToByteArray() } });

    /// <summary>INVALID_ARGUMENT: a request that does not follow its proto.</summary>
    public static RpcException Malformed(string message) =>
        Exception(StatusCode.InvalidArgument, "MALFORMED", message);

    /// <summary>RESOURCE_EXHAUSTED, with how long to wait.</summary>
    public static RpcException TooMany(string message, TimeSpan wait)
    {
        var status = Status(StatusCode.ResourceExhausted, "TOO_MANY_CALLS", message);
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        return ToException(status);
    }

    /// <summary>NOT_FOUND: no prescription of this id was ever issued.</summary>
    public static RpcException NotFound(string message) => Exception(StatusCode.NotFound, "NOT_FOUND", message);

    /// <summary>OUT_OF_RANGE: the log is shorter.</summary>
    public static RpcException BeyondLog(string message) =>
        Exception(StatusCode.OutOfRange, "BEYOND_LOG", message);

    /// <summary>FAILED_PRECONDITION: not cosigned by a quorum yet.</summary>
    public static RpcException NotFinal(string message) =>
        Exception(StatusCode.FailedPrecondition, "NOT_FINAL", message);
}
