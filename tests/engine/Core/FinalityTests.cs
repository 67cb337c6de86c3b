using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Engine.Tests.Simulation;
using RxChain.Ledger;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Engine.Tests.Core;

public sealed class FinalityTests
{
    private const int TickMs = 100;
    private readonly FinalityMember[] _members = [.. FixedNetwork.Validators.Select(name => new FinalityMember(name))];
    private long _nowMs = FixedNetwork.CreatedMs;

    [Fact]
    public void Flushed_NothingLost_FinalAtOnce()
    {
        Ticks(1);
        Append(10);
        Deliver(_ => true);
        Assert.All(_members, m => Assert.Equal(10, m.Finality.FinalSize));
    }

    [Theory]
    [InlineData(typeof(HeadReport))]
    [InlineData(typeof(SizeNamed))]
    [InlineData(typeof(HeadCosigned))]
    public void Tick_MessagesOfOneKindWereLost_RepeatedUntilFinal(Type lost)
    {
        Append(10);
        Deliver(message => message.GetType() != lost);
        Assert.All(_members, m => Assert.Equal(0, m.Finality.FinalSize));
        Ticks(60);
        Assert.All(_members, m => Assert.Equal(10, m.Finality.FinalSize));
    }

    [Fact]
    public void Receive_NameThatNoLogReaches_OthersStillBecomeFinal()
    {
        // By the validator whose turn it is.
        foreach (var member in _members)
            member.Receive(new SizeNamed(FixedNetwork.Hospital, long.MaxValue));
        Append(10);
        Ticks(60);
        Assert.All(_members, m => Assert.Equal(10, m.Finality.FinalSize));
    }

    [Theory]
    [InlineData("reported", typeof(HeadReport), typeof(HeadReport))]
    [InlineData("cosigned", typeof(HeadCosigned), typeof(HeadsShown))]
    public void Tick_TwoOfFourAreNotHeard_AnotherNamesThem(string what, Type lost, Type lostToo)
    {
        string[] silent = [_members[1].Name, _members[3].Name];
        bool Arrives(PeerMessage message) => !silent.Contains(message.Sender) || (message.GetType() != lost && message.GetType() != lostToo);
        Ticks(1);
        Append(10);
        Ticks(90, arrives: Arrives);
        Assert.Empty(_members[0].Alarms);
        Ticks(150, arrives: Arrives);
        Assert.Equal(0, _members[0].Finality.FinalSize);
        Assert.Equal([$"nothing becomes final: no head of this log is {what} by {silent[0]}, {silent[1]}"], _members[0].Alarms.Distinct());

        Ticks(60);
        Assert.All(_members, m => Assert.Equal(10, m.Finality.FinalSize));
    }

    [Fact]
    public void Tick_ClocksAreSetBack_TurnsGoOn()
    {
        Ticks(1);
        Append(10);
        Deliver(_ => false);
        _nowMs -= 3_600_000;
        Ticks(60);
        Assert.All(_members, m => Assert.Equal(10, m.Finality.FinalSize));
    }

    [Fact]
    public void Tick_TurnsHaveDriftedApartWhileBlocksFlow_StillFinal()
    {
        // Two stall without the others; the third starts later, at another turn. The fourth never does.
        Append(10);
        for (int i = 0; i < 5; i++)
            Ticks(1, only: 2);
        for (int block = 1; block < 60; block++)
        {
            Append(10 + block);
            Ticks(1, only: 3);
        }
        Assert.All(_members[..3], m => Assert.InRange(m.Finality.FinalSize, 40, 69));
    }

    [Fact]
    public void Receive_ReportOfAnotherLogBeforeOwn_SplitViewIsToldOnce()
    {
        var other = new CosignedHead(10, Hash32.Sha256("another log"u8));
        var regulator = SimNetwork.Identity(FixedNetwork.Regulator, FixedNetwork.Regulator);
        var report = new HeadReports(FixedNetwork.Origin).Sign(regulator.Name, [other], regulator.NodeKey);
        _members[0].Receive(report);
        _members[0].Append(10);
        Assert.Single(_members[0].Alarms, a => a.StartsWith("split view", StringComparison.Ordinal));
        _members[0].Receive(report);
        Assert.Single(_members[0].Alarms);
    }

    [Fact]
    public void PendingHeads_FinalityStalls_NewestAndEndOfEraAreKept()
    {
        var heads = new PendingHeads(FinalityMember.NoTree);
        for (int size = 1; size <= 100_000; size++)
            heads.Add(new CosignedHead(size, default), size == 7);
        Assert.Null(heads.Find(1));
        Assert.NotNull(heads.Find(7));
        Assert.NotNull(heads.Find(100_000));
        Assert.InRange(heads.Descending(0, long.MaxValue).Count(), 700, 1024);
    }

    private void Append(long size)
    {
        foreach (var member in _members)
            member.Append(size);
    }

    private void Ticks(int count, int only = 4, Func<PeerMessage, bool>? arrives = null)
    {
        for (int i = 0; i < count; i++)
        {
            _nowMs += TickMs;
            foreach (var member in _members[..only])
                member.Tick(_nowMs);
            Deliver(arrives ?? (_ => true), only);
        }
    }

    private void Deliver(Func<PeerMessage, bool> arrives, int only = 4) => FinalityMember.Deliver(_members[..only], arrives);
}
