using Grpc.Core;
using RxChain.Client;

namespace RxChain.Grpc.Tests.Services;

/// <summary>Expects calls to fail.</summary>
internal static class Failures
{
    /// <summary>The details of a call that must fail with this status and reason.</summary>
    public static async Task<LedgerError> Of(StatusCode status, string reason, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);
        var error = LedgerError.From(exception);
        Assert.Equal((status, reason), (exception.StatusCode, error?.Reason));
        return error!;
    }
}
