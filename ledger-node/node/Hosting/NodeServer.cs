using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Hosting;
using RxChain.GrpcApi.Ports;

namespace RxChain.Node.Hosting;

/// <summary>Serves a node: gRPC on one loopback port, the log's tiles over HTTP/1.1 on another.</summary>
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
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<NodeServer> StartAsync(OpenedNode node, IPEndPoint grpc, IPEndPoint tiles)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Only what the node's own configuration says counts: no appsettings.json, no ASPNETCORE_ or Kestrel variables.
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureRxChainLimits();
            kestrel.RefuseOtherAddresses();
            kestrel.Listen(grpc, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(tiles, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services
            .AddSingleton<ILedgerNode>(node.Node)
            .AddSingleton(node.Lookup)
            .AddSingleton(node.RequestIds)
            .AddSingleton<IOrganisationSigner>(new MemoryOrganisationSigner(node.Node.Member, node.Keys.Organisation))
            .AddRxChain();
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
