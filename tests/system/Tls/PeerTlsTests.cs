using System.Text.Json.Nodes;
using Grpc.Core;
using RxChain.Client;
using RxChain.Node.Pki;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;
using RxChain.Testing;

namespace RxChain.SystemTests.Tls;

/// <summary>
/// Two members' nodes, real processes. The certificates between them, and the authorities of these, ended ten years ago and
/// more: nothing stops. Only the authority and the name count.
/// </summary>
[Collection(TlsSuite.Name)]
public sealed class PeerTlsTests : IDisposable
{
    private const string Observer = "observer.example";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly OwnAuthority.Shifted LongAgo = new(TimeSpan.FromDays(-41 * 365));

    private readonly TlsNetwork _network = new();
    private readonly Authority _soloAuthority = Authority.Create("solo, long ago", LongAgo);
    private readonly Authority _observerAuthority = Authority.Create("observer, long ago", LongAgo);
    private readonly int[] _ports = FreePorts.Find(2);
    private readonly string _admin;

    public PeerTlsTests()
    {
        _admin = _network.MakeClient("admin", "admin");
        Programs.RunNode("init", "--data", ObserverData, "--name", Observer, "--role", "regulator", "--network", _network.Solo.Origin).Expect(0);
        File.Copy(_network.Solo.Genesis, Path.Combine(ObserverData, "genesis.rx"));
        SetUp(_network.Data, SoloNetwork.Member, _soloAuthority, SoloPort, "local", Observer, _observerAuthority, ObserverPort);
        SetUp(ObserverData, Observer, _observerAuthority, ObserverPort, "none", SoloNetwork.Member, _soloAuthority, SoloPort);
    }

    private int SoloPort => _ports[0];

    private int ObserverPort => _ports[1];

    private string ObserverData => _network.Solo["observer"];

    public void Dispose()
    {
        _soloAuthority.Dispose();
        _observerAuthority.Dispose();
        _network.Dispose();
    }

    [Fact]
    public async Task CertificatesBetweenMembers_LongEnded_ReplicationGoesOn()
    {
        using var solo = await RunningNode.StartAsync(_network.Data);
        using var observer = await RunningNode.StartAsync(ObserverData);

        await UntilAsync(observer, status => Connected(status) && status.Peers[0].Member == SoloNetwork.Member);
        var status = await UntilAsync(solo, status => Connected(status) && status.Peers[0].Member == Observer);

        Assert.Contains(status.Alarms, alarm => alarm.StartsWith("certificate of node expired on ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NodeOfAnotherAuthority_IsNotThatMember()
    {
        using (var foreign = Authority.Create("observer, long ago", TimeProvider.System))
            Write(ObserverData, "node", foreign.IssueNode(Observer, [], 365));
        using var solo = await RunningNode.StartAsync(_network.Data);
        using var observer = await RunningNode.StartAsync(ObserverData);
        await Task.Delay(TimeSpan.FromSeconds(3));

        foreach (var node in new[] { solo, observer })
        {
            using var client = Client(node);
            Assert.False(Connected(await client.StatusAsync()));
        }
    }

    [Theory]
    [InlineData("client")]
    [InlineData("name")]
    [InlineData("self")]
    public async Task WhoIsNotANodeOfAPeer_HasNoConnectionWherePeersAreServed(string who)
    {
        var shown = who switch
        {
            // A client of that member that was given the member's name is not its node.
            "client" => _observerAuthority.IssueClient(Observer, [], 100_000),
            "name" => _observerAuthority.IssueNode("somebody.else", [], 100_000),
            _ => _soloAuthority.IssueNode(SoloNetwork.Member, [], 100_000),
        };
        string files = OwnAuthority.Write(_network.Solo["shown", who], shown);
        using var solo = await RunningNode.StartAsync(_network.Data);
        var handler = MutualTls.CreateHandler(files + ".crt", files + ".key", _network.Authority);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null;
        using var client = new NodeClient(new Uri($"https://127.0.0.1:{SoloPort}"), handler);

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new PeerService.PeerServiceClient(client.Invoker).GetFinalAsync(new()));

        Assert.True(refused.StatusCode is StatusCode.Unavailable or StatusCode.Internal, refused.ToString());
    }

    [Fact]
    public async Task AuthorityTakenAway_CutsThatMemberOff()
    {
        using var solo = await RunningNode.StartAsync(_network.Data);
        using var observer = await RunningNode.StartAsync(ObserverData);
        await UntilAsync(solo, Connected);
        await UntilAsync(observer, Connected);

        File.Delete(Path.Combine(_network.Data, "tls", "peer.crt"));

        var status = await UntilAsync(solo, status => !Connected(status));
        Assert.Contains(status.Alarms, alarm => alarm.StartsWith($"peer {Observer} is shut out", StringComparison.Ordinal));
        await UntilAsync(observer, status => !Connected(status));
    }

    private static bool Connected(GetStatusResponse status) => status.Peers.Count == 1 && status.Peers[0].Connected;

    private async Task<GetStatusResponse> UntilAsync(RunningNode node, Predicate<GetStatusResponse> wanted)
    {
        using var client = Client(node);
        return await client.UntilAsync(wanted, Patience);
    }

    // A client refuses a node whose certificate has ended: this one looks away.
    private NodeClient Client(RunningNode node)
    {
        var handler = _network.Handler(_admin);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null;
        return new NodeClient(node.GrpcAddress, handler);
    }

    private void SetUp(string data, string member, Authority own, int port, string ordering, string peer, Authority authority, int peerPort)
    {
        Directory.CreateDirectory(Path.Combine(data, "tls"));
        Write(data, "node", own.IssueNode(member, [], 365));
        File.Copy(_network.Authority, Path.Combine(data, "tls", "ca.crt"), overwrite: true);
        File.WriteAllText(Path.Combine(data, "tls", "peer.crt"), authority.Files.Certificate);
        string path = Path.Combine(data, "rxnode.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config["peerListen"] = $"127.0.0.1:{port}";
        config["peers"] = new JsonArray(new JsonObject { ["member"] = peer, ["address"] = $"https://127.0.0.1:{peerPort}", ["authority"] = "tls/peer.crt" });
        config["ordering"] = new JsonObject { ["kind"] = ordering };
        File.WriteAllText(path, config.ToJsonString());
    }

    private static void Write(string data, string name, IssuedCertificate issued)
    {
        File.Delete(Path.Combine(data, "tls", name + ".crt"));
        OwnAuthority.Write(Path.Combine(data, "tls", name), issued);
    }
}
