namespace RxChain.GrpcApi.Access;

/// <summary>A token bucket and a count of open calls, of one client. Thread-safe.</summary>
internal sealed class CallerQuota(CallLimits limits, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly TokenBucket _calls = new(limits.CallsPerSecond, limits.Burst, clock);
    private int _open;

    /// <summary>Takes a call in. When the quota is used up: how long to wait, and what is exceeded.</summary>
    public (TimeSpan Wait, string What)? TryEnter()
    {
        lock (_lock)
        {
            if (_open >= limits.ConcurrentCalls)
                return (TimeSpan.FromSeconds(1), $"{limits.ConcurrentCalls} calls open at once");
            if (_calls.TryTake(1) is { } wait)
                return (wait, $"{limits.CallsPerSecond} calls per second");
            _open++;
            return null;
        }
    }

    /// <summary>A call is over.</summary>
    public void Leave()
    {
        lock (_lock)
            _open--;
    }

    /// <summary>Forgetting this client would change nothing.</summary>
    public bool IsIdle()
    {
        lock (_lock)
            return _open == 0 && _calls.IsFull;
    }
}
