namespace Grpc.Core;

/// <summary>Which sides of a call stream.</summary>
public enum MethodType
{
    /// <summary>One request, one response.</summary>
    Unary,

    /// <summary>Many requests, one response.</summary>
    ClientStreaming,

    /// <summary>One request, many responses.</summary>
    ServerStreaming,

    /// <summary>Many of both, independently.</summary>
    DuplexStreaming,
}

/// <summary>A method of a service, without its message types.</summary>
public interface IMethod
{
    /// <summary>Which sides stream.</summary>
    MethodType Type { get; }

    /// <summary>The service's full name, <c>package.Service</c>.</summary>
    string ServiceName { get; }

    /// <summary>The method's name.</summary>
    string Name { get; }

    /// <summary>The HTTP path, <c>/package.Service/Method</c>.</summary>
    string FullName { get; }
}

/// <summary>A method of a service. Made by generated code.</summary>
/// <typeparam name="TRequest">The request.</typeparam>
/// <typeparam name="TResponse">The response.</typeparam>
public class Method<TRequest, TResponse> : IMethod
{
    /// <summary>Makes a method.</summary>
    /// <param name="type">Which sides stream.</param>
    /// <param name="serviceName">The service's full name.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="requestMarshaller">Requests as bytes.</param>
    /// <param name="responseMarshaller">Responses as bytes.</param>
    /// <exception cref="ArgumentNullException">A part is missing.</exception>
    public Method(
        MethodType type,
        string serviceName,
        string name,
        Marshaller<TRequest> requestMarshaller,
        Marshaller<TResponse> responseMarshaller)
    {
        ArgumentNullException.ThrowIfNull(serviceName);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(requestMarshaller);
        ArgumentNullException.ThrowIfNull(responseMarshaller);
        Type = type;
        ServiceName = serviceName;
        Name = name;
        RequestMarshaller = requestMarshaller;
        ResponseMarshaller = responseMarshaller;
        FullName = $"/{serviceName}/{name}";
    }

    /// <inheritdoc/>
    public MethodType Type { get; }

    /// <inheritdoc/>
    public string ServiceName { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string FullName { get; }

    /// <summary>Requests as bytes.</summary>
    public Marshaller<TRequest> RequestMarshaller { get; }

    /// <summary>Responses as bytes.</summary>
    public Marshaller<TResponse> ResponseMarshaller { get; }
}
