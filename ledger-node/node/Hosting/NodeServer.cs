using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Access;
using RxChain.GrpcApi.Hosting;
using RxChain.GrpcApi.Ports;
using RxChain.Node.Tls;

namespace RxChain.Node.Hosting;

/// <summary>Serves a node to its clients: gRPC on one port, the log's tiles over HTTP/1.1 on another.</summary>
public sealed class NodeServer : IAsyncDisposable
{
    // Streams that wait for new events end only when they are cut off.
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private NodeServer(WebApplication app) => _app = app;

    /// <summary>Where gRPC is served.</summary>
    public Uri GrpcAddress { get; private init; } = null!;

    /// <summary>Where tiles are served.</summary>
    public Uri TileAddress { get; private init; } = null!;

    /// <summary>Starts to serve. Port 0 lets the system choose.</summary>
    /// <param name="node">What is served.</param>
    /// <param name="grpc">Where gRPC is.</param>
    /// <param name="tiles">Where tiles are.</param>
    /// <param name="tls">Says who clients are; null: plaintext, on loopback only, for whoever is there.</param>
    /// <param name="limits">How much one client may ask; null: <see cref="CallLimits.Default"/>.</param>
    /// <exception cref="IOException">A port is taken.</exception>
    /// <exception cref="InvalidOperationException">Plaintext beyond loopback.</exception>
    public static async Task<NodeServer> StartAsync(
        OpenedNode node, IPEndPoint grpc, IPEndPoint tiles, NodeTls? tls = null, CallLimits? limits = null)
    {
        var builder = WebHosting.CreateBuilder(ShutdownPatience, kestrel =>
        {
            kestrel.ConfigureRxChainLimits();
            if (tls is null)
                kestrel.RefuseOtherAddresses();
            Listen(grpc, HttpProtocols.Http2);
            Listen(tiles, HttpProtocols.Http1);

            void Listen(IPEndPoint address, HttpProtocols protocols) => kestrel.Listen(address, listen =>
            {
                listen.Protocols = protocols;
                if (tls is null)
                    listen.UseAnyCaller();
                else
                    tls.ServeClients(listen);
            });
        });
        builder.Services
            .AddSingleton<ILedgerNode>(node.Node)
            .AddSingleton(node.Lookup)
            .AddSingleton(node.RequestIds)
            .AddSingleton<IOrganisationSigner>(new MemoryOrganisationSigner(node.Node.Member, node.Keys.Organisation))
            .AddRxChain(callLimits: limits);
        if (tls is not null)
            builder.Services.AddSingleton<IServerHealth>(tls);
        var app = builder.Build();
        app.MapRxChain();
        await app.StartAsync();
        var urls = app.Urls.Select(url => new Uri(url)).ToArray();
        return new NodeServer(app) { GrpcAddress = urls[0], TileAddress = urls[1] };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Calls under way are answered before the node goes.
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
