using RxChain.GrpcApi.Access;

namespace RxChain.Grpc.Tests.Access;

/// <summary>Quotas of clients, over a clock that stands still until it is moved.</summary>
public sealed class CallerQuotasTests
{
    private static readonly CallLimits Limits = new(CallsPerSecond: 10, Burst: 3, ConcurrentCalls: 2);

    private readonly StillClock _clock = new();

    [Fact]
    public void Calls_BeyondTheBurst_WaitForTheirToken()
    {
        var quotas = new CallerQuotas(Limits, _clock);
        for (int i = 0; i < 3; i++)
            Assert.Null(CallOnce(quotas, "a"));

        Assert.Equal((TimeSpan.FromMilliseconds(100), "10 calls per second"), CallOnce(quotas, "a"));
        Assert.Null(CallOnce(quotas, "b"));
        _clock.Pass(TimeSpan.FromMilliseconds(100));
        Assert.Null(CallOnce(quotas, "a"));
        Assert.NotNull(CallOnce(quotas, "a"));
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => CallOnce(quotas, "a") is null));
    }

    [Fact]
    public void OpenCalls_AreLimited_UntilOneIsOver()
    {
        var quotas = new CallerQuotas(Limits, _clock);
        Assert.Null(quotas.TryEnter(Client("a"), out var first));
        Assert.Null(quotas.TryEnter(Client("a"), out _));

        Assert.Equal("2 calls open at once", quotas.TryEnter(Client("a"), out var refused)?.What);
        Assert.Null(refused);
        first!.Dispose();
        first.Dispose();
        Assert.Null(quotas.TryEnter(Client("a"), out _));
        Assert.NotNull(quotas.TryEnter(Client("a"), out _));
    }

    [Fact]
    public void Clients_AreOfBoundedNumber_AndThoseAtRestAreForgotten()
    {
        var quotas = new CallerQuotas(Limits, _clock, maxClients: 2);
        Assert.Null(quotas.TryEnter(Client("a"), out _));
        Assert.Null(CallOnce(quotas, "b"));

        Assert.Equal("2 clients at once", CallOnce(quotas, "c")?.What);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Null(quotas.TryEnter(Client("c"), out _));
        Assert.Equal("2 clients at once", CallOnce(quotas, "d")?.What);
    }

    private static Caller Client(string name) => new(name, []);

    private static (TimeSpan Wait, string What)? CallOnce(CallerQuotas quotas, string name)
    {
        var exceeded = quotas.TryEnter(Client(name), out var lease);
        lease?.Dispose();
        return exceeded;
    }

    private sealed class StillClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
