using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace RxChain.Grpc.Tests.Services;

/// <summary>grpc.health.v1, as load balancers and supervisors ask it.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private readonly CancellationToken _soon = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    private readonly ServiceHost _host = new();

    private Health.HealthClient Client => new(_host.Channel);

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task KnownAndUnknownServices_AreTold()
    {
        foreach (string service in new[] { "", "rxchain.v1.PrescriptionService", "rxchain.v1.LedgerService", "grpc.health.v1.Health" })
            Assert.Equal(ServingStatus.Serving, await CheckAsync(service));
        await Failures.Of(StatusCode.NotFound, "NOT_FOUND", () => CheckAsync("x"));
        using var watch = Client.Watch(new HealthCheckRequest { Service = "x" });
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
    }

    [Fact]
    public async Task NodeHasStoppedItself_NotServing()
    {
        using var watch = Client.Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        _host.Node.Stopped.SetException(new IOException("a flush failed"));

        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync("rxchain.v1.LedgerService"));
        using var late = Client.Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.NotServing, await NextAsync(late));
        // What is durable can still be read.
        Assert.NotNull(await _host.Ledger.GetGenesisAsync(new()));
    }

    [Fact]
    public async Task ServerIsToldToStop_NotServingAndThenTheStreamEnds()
    {
        using var watch = Client.Watch(new HealthCheckRequest { Service = "rxchain.v1.PrescriptionService" });
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        var stopping = _host.StopServingAsync();

        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        await Failures.Of(StatusCode.Unavailable, "NODE_STOPPING", () => NextAsync(watch));
        await stopping;
    }

    private async Task<ServingStatus> CheckAsync(string service) =>
        (await Client.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: _soon)).Status;

    private async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(_soon));
        return watch.ResponseStream.Current.Status;
    }
}
