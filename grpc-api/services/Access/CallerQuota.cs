namespace RxChain.GrpcApi.Access;

/// <summary>A token bucket and a count of open calls, of one client. Thread-safe.</summary>
internal sealed class CallerQuota(CallLimits limits, long now, long ticksPerSecond)
{
    private readonly Lock _lock = new();
    private double _tokens = limits.Burst;
    private long _filled = now;
    private int _open;

    /// <summary>Takes a call in. When the quota is used up: how long to wait, and what is exceeded.</summary>
    public (TimeSpan Wait, string What)? TryEnter(long time)
    {
        lock (_lock)
        {
            Fill(time);
            if (_open >= limits.ConcurrentCalls)
                return (TimeSpan.FromSeconds(1), $"{limits.ConcurrentCalls} calls open at once");
            if (_tokens < 1)
                return (TimeSpan.FromSeconds((1 - _tokens) / limits.CallsPerSecond), $"{limits.CallsPerSecond} calls per second");
            _tokens--;
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
    public bool IsIdle(long time)
    {
        lock (_lock)
        {
            Fill(time);
            return _open == 0 && _tokens >= limits.Burst;
        }
    }

    private void Fill(long time)
    {
        _tokens = Math.Min(limits.Burst, _tokens + (double)(time - _filled) / ticksPerSecond * limits.CallsPerSecond);
        _filled = time;
    }
}
