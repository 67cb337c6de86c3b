namespace Grpc.Core.Interceptors;

/// <summary>A call on its way through interceptors.</summary>
/// <typeparam name="TRequest">The request.</typeparam>
/// <typeparam name="TResponse">The response.</typeparam>
/// <param name="method">The method.</param>
/// <param name="host">The host; null for the channel's.</param>
/// <param name="options">The caller's options.</param>
public readonly struct ClientInterceptorContext<TRequest, TResponse>(
    Method<TRequest, TResponse> method, string? host, CallOptions options)
    where TRequest : class
    where TResponse : class
{
    /// <summary>The method.</summary>
    public Method<TRequest, TResponse> Method { get; } = method;

    /// <summary>The host; null for the channel's.</summary>
    public string? Host { get; } = host;

    /// <summary>The caller's options.</summary>
    public CallOptions Options { get; } = options;
}
