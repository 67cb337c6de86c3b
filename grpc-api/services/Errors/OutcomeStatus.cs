using Google.Protobuf.Reflection;
using Grpc.Core;
using RxChain.Prescriptions.Events;

namespace RxChain.GrpcApi.Errors;

/// <summary>What gRPC calls an outcome.</summary>
internal static class OutcomeStatus
{
    private const string NamePrefix = "OUTCOME_";

    private static readonly EnumDescriptor Names =
        EventsReflection.Descriptor.EnumTypes.Single(type => type.ClrType == typeof(Outcome));

    /// <summary>The status code. Outcomes that have none of their own are refusals of the rules: FAILED_PRECONDITION.</summary>
    public static StatusCode Code(Outcome outcome) => outcome switch
    {
        Outcome.Accepted => StatusCode.OK,
        Outcome.Malformed or Outcome.WrongNetwork => StatusCode.InvalidArgument,
        Outcome.UnknownSigner or Outcome.MissingSignature or Outcome.BadSignature => StatusCode.Unauthenticated,
        >= Outcome.NotAuthorised and <= Outcome.ProfessionNotAllowed => StatusCode.PermissionDenied,
        Outcome.NotFound or Outcome.ProposalNotFound or (>= Outcome.ReplacedNotFound and <= Outcome.ActNotFound) => StatusCode.NotFound,
        Outcome.Stale or Outcome.HeadUnknown => StatusCode.Aborted,
        (>= Outcome.NotIssuer and <= Outcome.NotOpener) or Outcome.NotAValidator => StatusCode.PermissionDenied,
        _ => StatusCode.FailedPrecondition,
    };

    /// <summary>The name in events.proto without its prefix: the reason in ErrorInfo.</summary>
    public static string Reason(Outcome outcome) => Names.FindValueByNumber((int)outcome) is { } value
        ? value.Name[NamePrefix.Length..]
        : $"OUTCOME_{(int)outcome}";
}
