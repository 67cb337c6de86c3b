namespace Grpc.Core;

/// <summary>A pending call of many requests and many responses. Disposing of it cancels it if it has not ended.</summary>
/// <typeparam name="TRequest">The request.</typeparam>
/// <typeparam name="TResponse">The response.</typeparam>
public sealed class AsyncDuplexStreamingCall<TRequest, TResponse> : IDisposable
{
    private readonly AsyncCall _call;

    /// <summary>Made by a transport or an interceptor.</summary>
    /// <param name="requestStream">Takes the requests.</param>
    /// <param name="responseStream">Gives the responses.</param>
    /// <param name="responseHeadersAsync">What the server sent first.</param>
    /// <param name="getStatusFunc">How the call ended.</param>
    /// <param name="getTrailersFunc">What the server sent last.</param>
    /// <param name="disposeAction">Cancels the call if it has not ended.</param>
    public AsyncDuplexStreamingCall(
        IClientStreamWriter<TRequest> requestStream,
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
    {
        RequestStream = requestStream;
        ResponseStream = responseStream;
        _call = new AsyncCall(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    /// <summary>Made by a transport, whose functions act on a state.</summary>
    /// <param name="requestStream">Takes the requests.</param>
    /// <param name="responseStream">Gives the responses.</param>
    /// <param name="responseHeadersAsync">What the server sent first.</param>
    /// <param name="getStatusFunc">How the call ended.</param>
    /// <param name="getTrailersFunc">What the server sent last.</param>
    /// <param name="disposeAction">Cancels the call if it has not ended.</param>
    /// <param name="state">Given to each function.</param>
    public AsyncDuplexStreamingCall(
        IClientStreamWriter<TRequest> requestStream,
        IAsyncStreamReader<TResponse> responseStream,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        RequestStream = requestStream;
        ResponseStream = responseStream;
        _call = new AsyncCall(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>Takes the requests.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; }

    /// <summary>Gives the responses.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>What the server sent first, as soon as it is there.</summary>
    public Task<Metadata> ResponseHeadersAsync => _call.ResponseHeaders;

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public Status GetStatus() => _call.Status;

    /// <summary>What the server sent last.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Metadata GetTrailers() => _call.Trailers;

    /// <summary>Cancels the call if it has not ended, and frees what it holds.</summary>
    public void Dispose() => _call.Dispose();
}
