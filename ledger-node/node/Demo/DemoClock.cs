namespace RxChain.Node.Demo;

/// <summary>The system's clock, moved ahead when the story needs another day.</summary>
internal sealed class DemoClock : TimeProvider
{
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public void MoveTo(DateTimeOffset moment)
    {
        if (moment > GetUtcNow())
            _ahead += moment - GetUtcNow();
    }
}
