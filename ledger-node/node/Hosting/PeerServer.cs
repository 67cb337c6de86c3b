using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Hosting;
using RxChain.GrpcApi.Ports;

namespace RxChain.Node.Hosting;

/// <summary>Serves other members' nodes on a port of their own.</summary>
public sealed class PeerServer : IAsyncDisposable
{
    // Streams of peers end only when they are cut off.
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromMilliseconds(200);

    private readonly WebApplication _app;

    private PeerServer(WebApplication app) => _app = app;

    /// <summary>Starts to serve.</summary>
    /// <param name="node">What is served.</param>
    /// <param name="inbox">Where messages go.</param>
    /// <param name="identity">Says who calls.</param>
    /// <param name="address">Where.</param>
    /// <param name="secure">Sets up TLS; null in plaintext, on loopback only.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<PeerServer> StartAsync(
        ILedgerNode node, IPeerInbox inbox, IPeerIdentity identity, IPEndPoint address, Action<ListenOptions>? secure)
    {
        var builder = WebHosting.CreateBuilder(ShutdownPatience, kestrel =>
        {
            kestrel.ConfigurePeerLimits();
            if (secure is null)
                kestrel.RefuseOtherAddresses();
            kestrel.Listen(address, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                secure?.Invoke(listen);
            });
        });
        builder.Services.AddSingleton(node).AddSingleton(inbox).AddSingleton(identity).AddRxChainPeers();
        var app = builder.Build();
        app.MapRxChainPeers();
        await app.StartAsync();
        return new PeerServer(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
