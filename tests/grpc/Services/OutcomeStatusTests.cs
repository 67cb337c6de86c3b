using Grpc.Core;
using RxChain.GrpcApi.Errors;
using RxChain.Prescriptions.Events;

namespace RxChain.Grpc.Tests.Services;

public sealed class OutcomeStatusTests
{
    // One row for each outcome that is not FAILED_PRECONDITION.
    private static readonly Dictionary<Outcome, StatusCode> Others = new()
    {
        [Outcome.Accepted] = StatusCode.OK,
        [Outcome.Malformed] = StatusCode.InvalidArgument,
        [Outcome.WrongNetwork] = StatusCode.InvalidArgument,
        [Outcome.UnknownSigner] = StatusCode.Unauthenticated,
        [Outcome.MissingSignature] = StatusCode.Unauthenticated,
        [Outcome.BadSignature] = StatusCode.Unauthenticated,
        [Outcome.NotAuthorised] = StatusCode.PermissionDenied,
        [Outcome.KeyNotOfActor] = StatusCode.PermissionDenied,
        [Outcome.KeyRevoked] = StatusCode.PermissionDenied,
        [Outcome.CustodyTooWeak] = StatusCode.PermissionDenied,
        [Outcome.PractitionerUnknown] = StatusCode.PermissionDenied,
        [Outcome.PractitionerSuspended] = StatusCode.PermissionDenied,
        [Outcome.PractitionerNotAtOrganisation] = StatusCode.PermissionDenied,
        [Outcome.ProfessionNotAllowed] = StatusCode.PermissionDenied,
        [Outcome.NotFound] = StatusCode.NotFound,
        [Outcome.ReplacedNotFound] = StatusCode.NotFound,
        [Outcome.CoveredNotFound] = StatusCode.NotFound,
        [Outcome.DispenseNotFound] = StatusCode.NotFound,
        [Outcome.DisputeNotFound] = StatusCode.NotFound,
        [Outcome.ActNotFound] = StatusCode.NotFound,
        [Outcome.Stale] = StatusCode.Aborted,
        [Outcome.HeadUnknown] = StatusCode.Aborted,
        [Outcome.NotIssuer] = StatusCode.PermissionDenied,
        [Outcome.NotDispenser] = StatusCode.PermissionDenied,
        [Outcome.NotPayer] = StatusCode.PermissionDenied,
        [Outcome.NotCustodian] = StatusCode.PermissionDenied,
        [Outcome.NotAParty] = StatusCode.PermissionDenied,
        [Outcome.NotOpener] = StatusCode.PermissionDenied,
        [Outcome.ProposalNotFound] = StatusCode.NotFound,
        [Outcome.NotAValidator] = StatusCode.PermissionDenied,
    };

    public static TheoryData<Outcome> All => [.. Enum.GetValues<Outcome>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Code_EveryOutcome_IsAsThePublicContractSays(Outcome outcome) =>
        Assert.Equal(Others.GetValueOrDefault(outcome, StatusCode.FailedPrecondition), OutcomeStatus.Code(outcome));

    [Theory]
    [MemberData(nameof(All))]
    public void Reason_EveryOutcome_IsItsNameInTheProto(Outcome outcome)
    {
        string reason = OutcomeStatus.Reason(outcome);

        Assert.Equal(outcome.ToString(), reason.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
    }

    [Fact]
    public void Reason_OutcomeOfALaterVersion_IsItsNumber() =>
        Assert.Equal("OUTCOME_9999", OutcomeStatus.Reason((Outcome)9999));
}
