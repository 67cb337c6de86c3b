namespace RxChain.Node.Configuration;

/// <summary>Where metrics go.</summary>
public sealed record MetricsConfig
{
    /// <summary>Address of an OpenTelemetry collector (OTLP over gRPC), for instance <c>http://127.0.0.1:4317</c>.</summary>
    public string Otlp { get; init; } = "";
}
