using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Peers;

namespace RxChain.GrpcApi.Hosting;

/// <summary>Puts PeerService on an ASP.NET Core application of its own, so that peers and clients cannot hold each other up.</summary>
public static class RxChainPeerServer
{
    private const int MaxStreamsPerConnection = 32;

    /// <summary>Limits for peers: few streams, no least rates, a bounded buffer each.</summary>
    public static void ConfigurePeerLimits(this KestrelServerOptions kestrel)
    {
        kestrel.ConfigureRxChainLimits();
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(5);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(3);
    }

    /// <summary>
    /// Adds the service. The host adds <see cref="Engine.ILedgerNode"/>, <see cref="Engine.Ports.IPeerInbox"/> and
    /// <see cref="Ports.IPeerIdentity"/>.
    /// </summary>
    public static IServiceCollection AddRxChainPeers(this IServiceCollection services, StreamLimits? limits = null)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = PeerRpcs.MaxMessageBytes;
            grpc.MaxSendMessageSize = RxChainServer.MaxMessageBytes;
            grpc.Interceptors.Add<NodeFailures>();
        });
        return services.AddSingleton(limits ?? StreamLimits.Default).AddSingleton<Streams>().AddSingleton<PeerSeats>();
    }

    /// <summary>Maps the service.</summary>
    public static void MapRxChainPeers(this WebApplication app) => app.MapGrpcService<PeerRpcs>();
}
