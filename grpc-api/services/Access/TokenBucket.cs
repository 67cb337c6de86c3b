namespace RxChain.GrpcApi.Access;

/// <summary>So many tokens a second, and so many at once after a pause. Not thread-safe.</summary>
internal sealed class TokenBucket(double tokensPerSecond, double burst, TimeProvider clock)
{
    private double _taken;
    private long _filled = clock.GetTimestamp();

    /// <summary>As many as there can be: a new bucket is the same.</summary>
    public bool IsFull
    {
        get
        {
            Fill();
            return _taken <= 0;
        }
    }

    /// <summary>Takes so many. When there are fewer it takes none, and says when there will be enough.</summary>
    public TimeSpan? TryTake(int tokens)
    {
        Fill();
        double missing = _taken + tokens - burst;
        if (missing > 0)
            return TimeSpan.FromSeconds(missing / tokensPerSecond);
        _taken += tokens;
        return null;
    }

    private void Fill()
    {
        long now = clock.GetTimestamp();
        _taken = Math.Max(0, _taken - clock.GetElapsedTime(_filled, now).TotalSeconds * tokensPerSecond);
        _filled = now;
    }
}
