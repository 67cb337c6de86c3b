using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Tls;

/// <summary>Metrics of a real node, as a collector gets them.</summary>
[Collection(TlsSuite.Name)]
public sealed class MetricsTests
{
    private const string Export = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    [Fact]
    public async Task Metrics_OfARunningNode_AreThoseOfThePage()
    {
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = await StartCollectorAsync(received);
        using var network = new TlsNetwork();
        using var node = await RunningNode.StartAsync(network.Data, new Dictionary<string, string>
        {
            ["RXNODE_METRICS_OTLP"] = collector.Urls.Single(),
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
        });

        string metrics = await received.Task.WaitAsync(TimeSpan.FromSeconds(30));

        string[] named = [.. File.ReadAllLines(Path.Combine(Programs.Repository, "docs", "OPERATIONS.md"))
            .Where(line => line.StartsWith("| `rxchain.", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
        Assert.Equal(11, named.Length);
        Assert.All(named, name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.Contains(SoloNetwork.Member, metrics, StringComparison.Ordinal);
        Assert.Contains("client authority CN=solo.example authority", metrics, StringComparison.Ordinal);
        (await node.StopAsync()).Expect(0);
    }

    // As much of a collector as a sender needs: OTLP over gRPC, without TLS.
    private static async Task<WebApplication> StartCollectorAsync(TaskCompletionSource<string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapPost(Export, async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
            received.TrySetResult(Encoding.Latin1.GetString(body.ToArray()));
        });
        await app.StartAsync();
        return app;
    }
}
