namespace RxChain.GrpcApi.Access;

/// <summary>How much one client may ask of a node.</summary>
/// <param name="CallsPerSecond">Calls begun per second, on average.</param>
/// <param name="Burst">Calls begun at once after a pause.</param>
/// <param name="ConcurrentCalls">Calls and streams open at once.</param>
public sealed record CallLimits(int CallsPerSecond, int Burst, int ConcurrentCalls)
{
    /// <summary>5,000 calls a second, 10,000 at once, 1,000 open: beyond what a system of one organisation does in good order.</summary>
    public static CallLimits Default { get; } = new(5_000, 10_000, 1_000);
}
