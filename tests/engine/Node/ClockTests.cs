using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Node;

/// <summary>Ledger time after a pause, in a network whose time several clocks make.</summary>
public sealed class ClockTests
{
    private const long HourMs = 3_600_000;

    private readonly CancellationToken _soon = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task Submit_AfterAnIdleHour_IsAccepted()
    {
        await using var cluster = new Cluster();
        cluster.Start();
        Assert.Equal(Outcome.Accepted, (await RegisterAsync(cluster, FixedNetwork.Regulator)).Outcome);

        cluster.Clock.NowMs += HourMs;

        Assert.Equal(Outcome.Accepted, (await IssueAsync(cluster, FixedNetwork.Hospital, "rx-1")).Outcome);
        cluster.Clock.NowMs += HourMs;
        Assert.Equal(Outcome.Accepted, (await IssueAsync(cluster, FixedNetwork.PharmacyB, "rx-2")).Outcome);
    }

    [Fact]
    public async Task Submit_RightAfterARestart_IsAccepted()
    {
        await using var cluster = new Cluster();
        cluster.Start();
        Assert.Equal(Outcome.Accepted, (await RegisterAsync(cluster, FixedNetwork.Regulator)).Outcome);
        await cluster.StopAsync();
        cluster.Clock.NowMs += HourMs;

        cluster.Start();

        Assert.Equal(Outcome.Accepted, (await IssueAsync(cluster, FixedNetwork.PharmacyA, "rx-1")).Outcome);
    }

    [Fact]
    public async Task Submit_TimeThatTheNodesClockDoesNotConfirm_IsRefusedAtOnce()
    {
        await using var cluster = new Cluster();
        cluster.Start();
        long heightBefore = cluster.Nodes[FixedNetwork.Regulator].Status.Height;

        var refused = await RegisterAsync(cluster, FixedNetwork.Regulator, HourMs);

        Assert.Equal(Outcome.TimeInFuture, refused.Outcome);
        Assert.InRange(cluster.Nodes[FixedNetwork.Regulator].Status.Height, heightBefore + 1, heightBefore + 5);
    }

    [Fact]
    public async Task Submit_ThroughTheOneNodeWhoseClockIsAhead_IsRefusedAndTimeStaysRight()
    {
        await using var cluster = new Cluster();
        cluster.WrongClocks[FixedNetwork.Regulator] = new TestClock(cluster.Clock.NowMs + HourMs);
        cluster.Start();

        var refused = await RegisterAsync(cluster, FixedNetwork.Regulator, HourMs);

        Assert.Equal(Outcome.TimeInFuture, refused.Outcome);
        Assert.InRange(cluster.Nodes[FixedNetwork.Hospital].Status.LedgerTimeMs, FixedNetwork.CreatedMs, cluster.Clock.NowMs);
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    [InlineData(0)]
    public async Task Submit_OneClockIsAYearOffOrStopped_NothingChanges(int daysOff)
    {
        await using var cluster = new Cluster();
        long rightMs = cluster.Clock.NowMs;
        cluster.WrongClocks[FixedNetwork.PharmacyB] = daysOff == 0
            ? new StoppedClock(rightMs) : new TestClock(rightMs + daysOff * 24L * HourMs);
        cluster.Start();
        await TimeStaysRightAsync(cluster);
    }

    [Fact]
    public async Task Submit_OneValidatorIsDead_NothingChanges()
    {
        await using var cluster = new Cluster();
        cluster.Start();
        await cluster.Nodes[FixedNetwork.PharmacyB].DisposeAsync();
        await TimeStaysRightAsync(cluster);
    }

    // Two acts with an hour between: both are accepted and final, and ledger time follows the right clocks.
    private async Task TimeStaysRightAsync(Cluster cluster)
    {
        Assert.Equal(Outcome.Accepted, (await RegisterAsync(cluster, FixedNetwork.Regulator)).Outcome);
        cluster.Clock.NowMs += HourMs;
        Assert.Equal(Outcome.Accepted, (await IssueAsync(cluster, FixedNetwork.Hospital, "rx-1")).Outcome);
        long ledgerMs = cluster.Nodes[FixedNetwork.Hospital].Status.LedgerTimeMs;
        Assert.InRange(ledgerMs, cluster.Clock.NowMs - (5 * 60_000), cluster.Clock.NowMs);
    }

    private Task<SubmitResult> RegisterAsync(Cluster cluster, string through, long aheadMs = 0) => SubmitAsync(
        cluster, through, aheadMs, story => story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital));

    private Task<SubmitResult> IssueAsync(Cluster cluster, string through, string prescription) =>
        SubmitAsync(cluster, through, 0, story => story.Issue(prescription));

    private Task<SubmitResult> SubmitAsync(Cluster cluster, string through, long aheadMs, Func<Story, Ledger.Envelopes.SignedEvent> act) =>
        cluster.Nodes[through].SubmitAsync(act(new Story { NowMs = cluster.Clock.NowMs + aheadMs }).Bytes, Commitment.Final, _soon);
}

/// <summary>A clock that stands still.</summary>
internal sealed class StoppedClock(long nowMs) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
}
