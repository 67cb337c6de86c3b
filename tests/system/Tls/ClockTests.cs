using System.Net;
using Grpc.Core;
using RxChain.Engine.Node;
using RxChain.Node.Configuration;
using RxChain.Node.Hosting;
using RxChain.Node.Tls;
using RxChain.Storage;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Tls;

/// <summary>Clients' certificates end, and the operator is told ahead. The node's clock is moved on.</summary>
[Collection(TlsSuite.Name)]
public sealed class ClockTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TlsNetwork _network = new();
    private readonly MovingClock _clock = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task ClientCertificate_EndsAfterItsYear_WithWarningsAheadAndItsStreamsCut()
    {
        string year = _network.MakeClient("year", "admin"), decades = LongLived("decades", "admin");
        var config = NodeConfig.Read(_network.Data);
        await using var node = await OpenedNode.OpenAsync(DataDirectory.Open(_network.Data), new NodeSetup
        {
            Genesis = GenesisFile.Read(config.PathOf(config.Genesis)),
            Member = config.Member,
            Peers = new LocalPeers().Join(config.Member),
        });
        await using var tls = new NodeTls(config, _clock);
        var anyPort = new IPEndPoint(IPAddress.Loopback, 0);
        await using var server = await NodeServer.StartAsync(node, anyPort, anyPort, tls);
        using var client = new NodeClient(server.GrpcAddress, _network.Handler(year));
        Assert.Empty((await client.StatusAsync()).Alarms);
        using var watch = client.Health.Watch(new());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));

        _clock.DaysAhead = 350;
        var status = await client.StatusAsync();
        Assert.Contains(status.Certificates, c => c is { Name: "client year", DaysLeft: 14 });
        Assert.StartsWith("certificate of client year expires in 14 days", Assert.Single(status.Alarms), StringComparison.Ordinal);

        _clock.DaysAhead = 366;
        await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        using var late = new NodeClient(server.GrpcAddress, _network.Handler(year));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(late.StatusAsync)).StatusCode);

        // The node's own has ended too: what it lets in depends on the other end's alone.
        _clock.DaysAhead = 3650;
        using var lasting = new NodeClient(server.GrpcAddress, _network.Handler(decades));
        var after = await lasting.StatusAsync();
        Assert.Contains(after.Alarms, alarm => alarm.StartsWith("certificate of node expired on ", StringComparison.Ordinal));
        Assert.Contains(after.Alarms, alarm => alarm.StartsWith("certificate of client year expired on ", StringComparison.Ordinal));
    }

    private string LongLived(string name, string role)
    {
        using var authority = OwnAuthority.Load(_network);
        return OwnAuthority.Write(_network.Pki("clients", name), authority.IssueClient(name, [role], 20 * 365));
    }

    private sealed class MovingClock : TimeProvider
    {
        public int DaysAhead { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddDays(DaysAhead);
    }
}
