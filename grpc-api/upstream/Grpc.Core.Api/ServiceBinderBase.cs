namespace Grpc.Core;

/// <summary>Receives the methods of a service from its generated <c>BindService</c>.</summary>
public class ServiceBinderBase
{
    /// <summary>Adds a method of one request and one response.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Serves it; null when the binder finds the service itself.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotImplementedException();

    /// <summary>Adds a method of many requests and one response.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Serves it; null when the binder finds the service itself.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotImplementedException();

    /// <summary>Adds a method of one request and many responses.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Serves it; null when the binder finds the service itself.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotImplementedException();

    /// <summary>Adds a method of many requests and many responses.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">Serves it; null when the binder finds the service itself.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotImplementedException();
}
