namespace RxChain.SystemTests.Fhir;

/// <summary>The time that documents say it is. Stands still until it is set.</summary>
internal sealed class DocumentClock(long nowMs) : TimeProvider
{
    private long _nowMs = nowMs;

    /// <summary>Now; never goes back.</summary>
    public long NowMs
    {
        get => Interlocked.Read(ref _nowMs);
        set => Interlocked.Exchange(ref _nowMs, Math.Max(value, NowMs));
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);
}
