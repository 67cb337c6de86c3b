using Grpc.Core;
using Grpc.Core.Interceptors;
using RxChain.Engine.Ports;

namespace RxChain.GrpcApi.Errors;

/// <summary>
/// A disk that refuses, or a node that is being taken down under a call: UNAVAILABLE, reason NODE_FAILING. The caller does
/// not know whether its event is on the ledger, and submits it again to another node or later.
/// </summary>
internal sealed class NodeFailures : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        Run(() => continuation(request, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Run(async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Run(async () =>
        {
            await continuation(requestStream, responseStream, context);
            return true;
        });

    private static async Task<T> Run<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is CorruptLogException or CorruptStateException or ObjectDisposedException
            || e is IOException { InnerException: not OperationCanceledException } and not Microsoft.AspNetCore.Connections.ConnectionResetException)
        {
            throw RpcErrors.Exception(StatusCode.Unavailable, "NODE_FAILING", $"the node cannot go on: {e.Message}");
        }
    }
}
