using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RxChain.Protocol.V1;

namespace RxChain.SystemTests.Network;

/// <summary>What a lying peer does with an honest one's answers before it gives them on.</summary>
internal sealed record Lie
{
    /// <summary>Changes the checkpoint.</summary>
    public Func<string, string> Checkpoint { get; init; } = text => text;

    /// <summary>Changes one run of leaves.</summary>
    public Action<CopyLeavesResponse> Run { get; init; } = _ => { };

    /// <summary>Repeats every run so often.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Waits so long before each run.</summary>
    public TimeSpan Delay { get; init; }
}

/// <summary>A peer's server over real gRPC that asks an honest node, as <paramref name="caller"/>, and tells its own version.</summary>
internal sealed class LyingPeer(Uri honest, string caller, Lie lie) : PeerService.PeerServiceBase, IAsyncDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(honest);
    private WebApplication? _app;
    private int _asked;

    /// <summary>Where it serves.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Requests that reached it.</summary>
    public int Asked => Volatile.Read(ref _asked);

    private PeerService.PeerServiceClient Client => new(_channel.CreateCallInvoker());

    private Metadata Caller => new() { { "rxchain-member", caller } };

    public async Task<LyingPeer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(this);
        builder.Services.AddGrpc();
        _app = builder.Build();
        _app.MapGrpcService<LyingPeer>();
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return this;
    }

    public override async Task<GetFinalResponse> GetFinal(GetFinalRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref _asked);
        var response = await Client.GetFinalAsync(request, Caller);
        response.Checkpoint = lie.Checkpoint(response.Checkpoint);
        return response;
    }

    public override async Task CopyLeaves(
        CopyLeavesRequest request, IServerStreamWriter<CopyLeavesResponse> responseStream, ServerCallContext context)
    {
        Interlocked.Increment(ref _asked);
        using var call = Client.CopyLeaves(request, Caller, cancellationToken: context.CancellationToken);
        while (await call.ResponseStream.MoveNext(context.CancellationToken))
        {
            var run = call.ResponseStream.Current;
            lie.Run(run);
            for (int i = 0; i < lie.Times; i++)
            {
                await Task.Delay(lie.Delay, context.CancellationToken);
                await responseStream.WriteAsync(run, context.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }
        _channel.Dispose();
    }
}
