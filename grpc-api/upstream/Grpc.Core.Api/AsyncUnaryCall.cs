using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A pending call of one request and one response. Disposing of it cancels it if it has not ended.</summary>
/// <typeparam name="TResponse">The response.</typeparam>
public sealed class AsyncUnaryCall<TResponse> : IDisposable
{
    private readonly AsyncCall _call;

    /// <summary>Made by a transport or an interceptor.</summary>
    /// <param name="responseAsync">The response, or the error as an <see cref="RpcException"/>.</param>
    /// <param name="responseHeadersAsync">What the server sent first.</param>
    /// <param name="getStatusFunc">How the call ended.</param>
    /// <param name="getTrailersFunc">What the server sent last.</param>
    /// <param name="disposeAction">Cancels the call if it has not ended.</param>
    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
    {
        ResponseAsync = responseAsync;
        _call = new AsyncCall(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    /// <summary>Made by a transport, whose functions act on a state.</summary>
    /// <param name="responseAsync">The response, or the error as an <see cref="RpcException"/>.</param>
    /// <param name="responseHeadersAsync">What the server sent first.</param>
    /// <param name="getStatusFunc">How the call ended.</param>
    /// <param name="getTrailersFunc">What the server sent last.</param>
    /// <param name="disposeAction">Cancels the call if it has not ended.</param>
    /// <param name="state">Given to each function.</param>
    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        ResponseAsync = responseAsync;
        _call = new AsyncCall(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>The response, or the error as an <see cref="RpcException"/>.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>What the server sent first, as soon as it is there.</summary>
    public Task<Metadata> ResponseHeadersAsync => _call.ResponseHeaders;

    /// <summary>Awaits the response.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Awaits the response, going on where the caller says.</summary>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public Status GetStatus() => _call.Status;

    /// <summary>What the server sent last.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Metadata GetTrailers() => _call.Trailers;

    /// <summary>Cancels the call if it has not ended, and frees what it holds.</summary>
    public void Dispose() => _call.Dispose();
}
