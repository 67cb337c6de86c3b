using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using RxChain.Engine;
using RxChain.GrpcApi.Access;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Ports;
using RxChain.GrpcApi.Submission;

namespace RxChain.GrpcApi.Hosting;

/// <summary>Puts the services on an ASP.NET Core application.</summary>
public static class RxChainServer
{
    /// <summary>Greatest length of a request or response message in bytes.</summary>
    public const int MaxMessageBytes = 4 << 20;

    private const int MaxStreamsPerConnection = 1_000;
    private const int MaxConnections = 2_000;
    private const int MaxBufferedResponseBytes = 256 * 1024;

    /// <summary>
    /// Limits for long streams: many per connection, no least rates, a bounded buffer each. gRPC itself lifts the limit
    /// on the length of a whole request body; messages are bounded instead.
    /// </summary>
    public static void ConfigureRxChainLimits(this KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxResponseBufferSize = MaxBufferedResponseBytes;
    }

    /// <summary>
    /// Adds the services. Endpoints say who calls (<see cref="ConnectionCaller"/>); whoever is not known is refused. The host
    /// adds <see cref="ILedgerNode"/>, <see cref="Engine.Ports.ILookupIndex"/> and <see cref="Engine.Ports.IRequestIds"/>, an
    /// <see cref="IOrganisationSigner"/> if it holds its organisation's key, and an <see cref="IServerHealth"/> if it has
    /// certificates.
    /// </summary>
    public static IServiceCollection AddRxChain(this IServiceCollection services, StreamLimits? limits = null, CallLimits? callLimits = null)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxMessageBytes;
            grpc.MaxSendMessageSize = MaxMessageBytes;
            grpc.Interceptors.Add<AccessInterceptor>();
            grpc.Interceptors.Add<NodeFailures>();
        });
        return services
            .AddSingleton(limits ?? StreamLimits.Default)
            .AddSingleton(new CallerQuotas(callLimits ?? CallLimits.Default, TimeProvider.System))
            .AddSingleton<HttpAccess>()
            .AddSingleton<Streams>()
            .AddSingleton<EventSubmitter>()
            .AddSingleton(provider => new EventRecorder(
                provider.GetRequiredService<EventSubmitter>(), provider.GetService<IOrganisationSigner>()));
    }

    /// <summary>Maps the gRPC services and the log's tiles (C2SP tlog-tiles).</summary>
    public static void MapRxChain(this WebApplication app)
    {
        app.MapGrpcService<PrescriptionRpcs>();
        app.MapGrpcService<LedgerRpcs>();
        app.MapGrpcService<HealthRpcs>();
        TileEndpoints.Map(app, app.Services.GetRequiredService<ILedgerNode>(), app.Services.GetRequiredService<HttpAccess>());
    }
}
