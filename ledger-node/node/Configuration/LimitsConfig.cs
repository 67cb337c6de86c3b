using RxChain.GrpcApi.Access;

namespace RxChain.Node.Configuration;

/// <summary>How much one client may ask of the node: see <see cref="CallLimits"/>.</summary>
public sealed record LimitsConfig
{
    /// <summary>Calls begun per second, on average.</summary>
    public int CallsPerSecond { get; init; } = CallLimits.Default.CallsPerSecond;

    /// <summary>Calls begun at once after a pause.</summary>
    public int Burst { get; init; } = CallLimits.Default.Burst;

    /// <summary>Calls and streams open at once.</summary>
    public int ConcurrentCalls { get; init; } = CallLimits.Default.ConcurrentCalls;

    /// <summary>For the server.</summary>
    internal CallLimits ToCallLimits() => new(CallsPerSecond, Burst, ConcurrentCalls);
}
