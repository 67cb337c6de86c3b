using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using RxChain.Engine;
using RxChain.GrpcApi.Ports;

namespace RxChain.Node.Metrics;

/// <summary>Sends a node's metrics to an OpenTelemetry collector (OTLP over gRPC).</summary>
internal sealed class MetricsExport : IAsyncDisposable
{
    private readonly NodeMetrics _metrics;
    private readonly MeterProvider _provider;

    /// <summary>Begins to send; every minute, unless OTEL_METRIC_EXPORT_INTERVAL says otherwise. A collector that is not there disturbs nothing.</summary>
    public MetricsExport(Uri collector, ILedgerNode node, IServerHealth? server, TimeProvider clock)
    {
        _metrics = new NodeMetrics(node, server, clock);
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("rxnode", serviceInstanceId: node.Member, serviceNamespace: node.Genesis.Origin))
            .AddMeter(NodeMetrics.MeterName)
            .AddOtlpExporter(exporter => exporter.Endpoint = collector)
            .Build();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _provider.Dispose();
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }
}
