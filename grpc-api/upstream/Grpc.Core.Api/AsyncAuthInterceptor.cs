namespace Grpc.Core;

/// <summary>Adds a call's credentials to its headers.</summary>
/// <param name="context">Which call.</param>
/// <param name="metadata">Its headers.</param>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);

/// <summary>The call that needs credentials.</summary>
public class AuthInterceptorContext
{
    /// <summary>A context without cancellation.</summary>
    public AuthInterceptorContext(string serviceUrl, string methodName)
        : this(serviceUrl, methodName, CancellationToken.None)
    {
    }

    /// <summary>A context.</summary>
    /// <param name="serviceUrl">The service's address, the audience of a token.</param>
    /// <param name="methodName">The method's name.</param>
    /// <param name="cancellationToken">Signalled when the call ends.</param>
    /// <exception cref="ArgumentNullException">A name is missing.</exception>
    public AuthInterceptorContext(string serviceUrl, string methodName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(serviceUrl);
        ArgumentNullException.ThrowIfNull(methodName);
        ServiceUrl = serviceUrl;
        MethodName = methodName;
        CancellationToken = cancellationToken;
    }

    /// <summary>The service's address, the audience of a token.</summary>
    public string ServiceUrl { get; }

    /// <summary>The method's name.</summary>
    public string MethodName { get; }

    /// <summary>Signalled when the call ends.</summary>
    public CancellationToken CancellationToken { get; }
}
