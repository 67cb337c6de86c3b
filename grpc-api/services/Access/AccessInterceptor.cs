using Grpc.Core;
using Grpc.Core.Interceptors;
using RxChain.GrpcApi.Errors;

namespace RxChain.GrpcApi.Access;

/// <summary>
/// Lets a call in if its caller may make it (<see cref="RpcAccess"/>) and has not used its quota up. Else
/// PERMISSION_DENIED, reason ROLE_MISSING, or RESOURCE_EXHAUSTED, reason TOO_MANY_CALLS, with a google.rpc.RetryInfo.
/// </summary>
internal sealed class AccessInterceptor(CallerQuotas quotas) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Enter(context);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Enter(context);
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Enter(context);
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var call = Enter(context);
        await continuation(requestStream, responseStream, context);
    }

    private IDisposable? Enter(ServerCallContext context)
    {
        if (context.GetHttpContext().Caller() is not { } caller)
            throw RpcErrors.Exception(StatusCode.Unauthenticated, "CALLER_UNKNOWN", "this endpoint identifies nobody");
        if (RpcAccess.Refusal(context.Method, caller) is { } refusal)
            throw RpcErrors.Exception(StatusCode.PermissionDenied, "ROLE_MISSING", refusal);
        if (quotas.TryEnter(caller, out var lease) is var (wait, what))
            throw RpcErrors.TooMany($"{caller.Name}: more than {what}", wait);
        return lease;
    }
}
