using System.Text.Json;

namespace RxChain.Bench.Client;

/// <summary>What a client process saw, as it prints it.</summary>
internal sealed record ClientReport
{
    /// <summary>Events acknowledged as accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>Events that were refused; none should be.</summary>
    public long Refused { get; init; }

    /// <summary>The first refusal.</summary>
    public string FirstRefusal { get; init; } = "";

    /// <summary>From the first event sent to the last acknowledgement.</summary>
    public double Seconds { get; init; }

    /// <summary>Acknowledgements in each whole second.</summary>
    public IReadOnlyList<long> PerSecond { get; init; } = [];

    /// <summary>Milliseconds of each single submission, ascending.</summary>
    public IReadOnlyList<double> LatenciesMs { get; init; } = [];

    /// <summary>CPU that the client used while the clock ran.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Median of the whole seconds; the mean when there was none.</summary>
    public double MedianPerSecond => PerSecond.Count > 0 ? PerSecond.Order().ElementAt(PerSecond.Count / 2) : Accepted / Seconds;

    /// <summary>A quantile of the latencies.</summary>
    public double LatencyMs(double quantile) => LatenciesMs[(int)Math.Min(LatenciesMs.Count - 1, LatenciesMs.Count * quantile)];

    public string ToJson() => JsonSerializer.Serialize(this);

    public static ClientReport Parse(string json) =>
        JsonSerializer.Deserialize<ClientReport>(json) ?? throw new InvalidDataException("The client printed no report.");
}
