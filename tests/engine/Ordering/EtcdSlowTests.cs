using System.Text.Json;
using RxChain.Engine.Ports;
using RxChain.Ordering.Etcd;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>etcd members that hang, die and come back, over mutual TLS.</summary>
public sealed class EtcdSlowTests : IDisposable
{
    private readonly EtcdCertificates _tls = new("member", "second");
    private readonly CancellationToken _soon = new CancellationTokenSource(TimeSpan.FromSeconds(40)).Token;
    private EtcdProcess[] _etcds = [];

    public void Dispose()
    {
        foreach (var etcd in _etcds)
            etcd.Dispose();
        _tls.Dispose();
    }

    [Fact]
    public async Task Leader_Paused_OthersTakeOver()
    {
        Start(3);
        var leader = Leader();
        await using var order = new EtcdOrdering(Options([leader, .. _etcds.Except([leader])]));
        var reading = ReadUntilAsync(order, 40);
        for (byte i = 0; i <= 40; i++)
        {
            if (i == 20)
                leader.Pause();
            await order.SubmitAsync(new[] { i }, _soon);
        }
        // Also the reader leaves the member that is paused.
        var seen = await reading;
        leader.Resume();
        await using var second = new EtcdOrdering(Options([leader]) with { Member = "second", Certificate = _tls.Of("second") });
        Assert.Equal(seen, await ReadUntilAsync(second, 40));
        Assert.Equal(Enumerable.Range(0, 41), seen.Select(put => put.Value).Distinct());
    }

    [Fact]
    public async Task Paused_WithoutAnother_IsUnavailableInTimeAndResumes()
    {
        Start(1);
        await using var order = new EtcdOrdering(
            Options(_etcds) with { PutTimeout = TimeSpan.FromSeconds(2), MemberTimeout = TimeSpan.FromSeconds(1), PutsInFlight = 4 });
        await order.SubmitAsync(new byte[] { 1 }, _soon);
        _etcds[0].Pause();
        var batch = new byte[64 << 10];
        var submits = Enumerable.Range(0, 200).Select(_ => order.SubmitAsync(batch, _soon)).ToArray();
        foreach (var submit in submits)
            await Assert.ThrowsAsync<OrderingUnavailableException>(() => submit.WaitAsync(TimeSpan.FromSeconds(10)));
        _etcds[0].Resume();
        await order.SubmitAsync(new byte[] { 2 }, _soon);
        // Flow control: of two hundred only the few that were under way can have come into the order.
        var puts = await ReadUntilAsync(order, 2);
        Assert.InRange(puts.Count, 2, 2 + (4 * 4));
    }

    [Fact]
    public async Task Members_KilledOneAfterAnother_NothingIsLost()
    {
        Start(3);
        await using var order = new EtcdOrdering(Options(_etcds));
        var reading = ReadUntilAsync(order, 30);
        foreach (var (etcd, i) in _etcds.Select((etcd, i) => (etcd, i)))
        {
            for (int n = 0; n < 10; n++)
                await order.SubmitAsync(new[] { (byte)((10 * i) + n) }, _soon);
            etcd.Kill();
            await order.SubmitAsync(new[] { (byte)((10 * i) + 9) }, _soon);
            etcd.Start();
        }
        await order.SubmitAsync(new byte[] { 30 }, _soon);
        Assert.Equal(Enumerable.Range(0, 31), (await reading).Select(put => put.Value).Distinct());
    }

    private void Start(int members)
    {
        _etcds = EtcdProcess.Cluster(members, _tls);
        foreach (var etcd in _etcds)
            etcd.Start();
        Tool.Run("etcdctl", ["get", "x"], _tls.Environment("member", _etcds[0].ClientAddress));
    }

    // On a busy machine the members may be electing another one while they are asked.
    private EtcdProcess Leader()
    {
        EtcdProcess[] leaders;
        do
        {
            _soon.ThrowIfCancellationRequested();
            leaders = [.. _etcds.Where(IsLeader)];
        }
        while (leaders.Length != 1);
        return leaders[0];
    }

    private bool IsLeader(EtcdProcess etcd)
    {
        string text = Tool.Run("etcdctl", ["endpoint", "status", "-w", "json"], _tls.Environment("member", etcd.ClientAddress));
        var status = JsonDocument.Parse(text).RootElement[0].GetProperty("Status");
        return status.GetProperty("leader").GetUInt64() == status.GetProperty("header").GetProperty("member_id").GetUInt64();
    }

    private EtcdOptions Options(IEnumerable<EtcdProcess> etcds) => new()
    {
        Endpoints = [.. etcds.Select(etcd => etcd.ClientAddress)],
        Prefix = "/rxchain/slow/",
        Member = "member",
        Certificate = _tls.Of("member"),
        Authorities = _tls.Authorities,
    };

    private async Task<List<(ulong Position, int Value)>> ReadUntilAsync(EtcdOrdering order, byte last)
    {
        var puts = new List<(ulong, int)>();
        await foreach (var put in order.ReadAsync(0, _soon))
        {
            puts.Add((put.Position, put.Bytes.Span[0]));
            if (put.Bytes.Span[0] == last)
                break;
        }
        return puts;
    }
}
