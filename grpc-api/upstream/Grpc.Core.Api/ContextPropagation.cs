namespace Grpc.Core;

/// <summary>What a call made from within a server call takes over from it.</summary>
/// <param name="propagateDeadline">Whether the deadline.</param>
/// <param name="propagateCancellation">Whether the cancellation.</param>
public class ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
{
    /// <summary>Takes over both.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Whether the deadline.</summary>
    public bool IsPropagateDeadline { get; } = propagateDeadline;

    /// <summary>Whether the cancellation.</summary>
    public bool IsPropagateCancellation { get; } = propagateCancellation;
}

/// <summary>Names a server call, for calls made from within it; only a transport makes one.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
