using Grpc.Core;
using RxChain.Client;
using RxChain.Node.Pki;
using RxChain.Protocol.V1;
using RxChain.Storage;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Tls;

/// <summary>Who gets a connection to a real node, how much it may ask then, and what changed files do to it.</summary>
[Collection(TlsSuite.Name)]
public sealed class ConnectionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TlsNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task Client_WithoutACertificateOrWithOneThatDoesNotCount_HasNoConnection()
    {
        using var other = new TlsNetwork();
        string foreign = other.MakeClient("alice", "reader", "submitter");
        string expired = Issue("expired", 0, authority => authority.IssueClient("alice", ["reader"], days: 0));
        string early = Issue("early", 400, authority => authority.IssueClient("alice", ["reader"], 365));
        string server = Issue("server", 0, authority => ServerOnly(authority));
        using var node = await _network.StartAsync();

        foreach (string client in new[] { foreign, expired, early, server })
            await RefusedAsync(node, _network.Handler(client));
        var nobody = new SocketsHttpHandler();
        nobody.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null;
        await RefusedAsync(node, nobody);
        var plaintext = new UriBuilder(node.GrpcAddress) { Scheme = "http" }.Uri;
        using (var client = new NodeClient(plaintext))
            await Assert.ThrowsAsync<RpcException>(client.StatusAsync);
        using var good = _network.Client(node, _network.MakeClient("good", "reader"));
        Assert.Equal(SoloNetwork.Member, (await good.StatusAsync()).Member);
    }

    [Fact]
    public async Task Health_WithTheNodesOwnCertificate_IsAllThatItMayAsk()
    {
        using var node = await _network.StartAsync();
        string address = node.GrpcAddress.Authority;

        var health = Programs.Run(Programs.Node, ["health", "--data", _network.Data], new Dictionary<string, string> { ["RXNODE_LISTEN"] = address });

        Assert.Equal("Serving\n", health.Expect(0).Output);
        string own = Path.Combine(_network.Data, "tls", "node");
        using var client = _network.Client(node, own);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(client.StatusAsync)).StatusCode);
        Programs.RunNode(["status", "--address", node.GrpcAddress.ToString(), .. _network.Options(own)]).ExpectRefusal("ROLE_MISSING", "needs the role");
        (await node.StopAsync()).Expect(0);
        Programs.Run(Programs.Node, ["health", "--data", _network.Data], new Dictionary<string, string> { ["RXNODE_LISTEN"] = address }).ExpectRefusal("did not answer");
    }

    [Fact]
    public async Task Limits_OfOneClient_StopItAndNoOther()
    {
        string busy = _network.MakeClient("busy", "reader"), calm = _network.MakeClient("calm", "reader");
        using var node = await RunningNode.StartAsync(_network.Data, new Dictionary<string, string> { ["RXNODE_LIMITS"] = """{ "callsPerSecond": 1, "burst": 5, "concurrentCalls": 3 }""" });
        using var first = _network.Client(node, busy);
        using var second = _network.Client(node, calm);
        var watches = Enumerable.Range(0, 3).Select(_ => first.Prescriptions.WatchEvents(new WatchEventsRequest())).ToArray();
        await Task.Delay(500);

        var concurrent = await Assert.ThrowsAsync<RpcException>(first.StatusAsync);
        Assert.Equal((StatusCode.ResourceExhausted, "TOO_MANY_CALLS"), (concurrent.StatusCode, LedgerError.From(concurrent)?.Reason));
        Assert.Contains("3 calls open at once", concurrent.Status.Detail, StringComparison.Ordinal);
        foreach (var watch in watches)
            watch.Dispose();
        RpcException? tooFast = null;
        for (int i = 0; i < 50 && tooFast?.Status.Detail.Contains("1 calls per second", StringComparison.Ordinal) != true; i++)
            tooFast = await Record.ExceptionAsync(first.StatusAsync) as RpcException;
        Assert.Equal(StatusCode.ResourceExhausted, tooFast?.StatusCode);
        var retry = global::Google.Rpc.Status.Parser.ParseFrom(tooFast!.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Contains(retry.Details, detail => detail.TryUnpack<global::Google.Rpc.RetryInfo>(out var info) && info.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        Assert.Equal(SoloNetwork.Member, (await second.StatusAsync()).Member);
    }

    [Fact]
    public async Task Files_ThatChange_CountForNewConnections_AndBrokenOnesDoNot()
    {
        string client = _network.MakeClient("admin", "admin");
        using var node = await _network.StartAsync();
        using var before = _network.Client(node, client);
        string first = await SerialAsync(node, client);

        // Half of a change: a certificate without its key.
        using (var authority = OwnAuthority.Load(_network))
        {
            var next = authority.IssueNode(SoloNetwork.Member, [], 20);
            Replace("node.crt", next.Certificate);
            await before.UntilAsync(status => status.Alarms.Any(alarm => alarm.Contains("changed certificate files do not count", StringComparison.Ordinal)), Patience);
            Assert.Equal(first, await SerialAsync(node, client));
            Replace("node.key", next.Key);
        }
        var status = await before.UntilAsync(s => s.Certificates.Any(c => c is { Name: "node", DaysLeft: < 30 }), Patience);

        Assert.DoesNotContain(status.Alarms, alarm => alarm.Contains("do not count", StringComparison.Ordinal));
        Assert.Contains(status.Alarms, alarm => alarm.StartsWith("certificate of node expires in 19 days", StringComparison.Ordinal));
        Assert.NotEqual(first, await SerialAsync(node, client));

        // Another authority for clients: those of the first are cut off, with their streams.
        using var watch = before.Health.Watch(new());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        using var other = new TlsNetwork();
        Replace("ca.crt", await File.ReadAllTextAsync(other.Authority));
        await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        await RefusedAsync(node, _network.Handler(client));
    }

    [Fact]
    public void Start_WithACertificateThatDoesNotFit_SaysWhatIsWrong()
    {
        using var authority = OwnAuthority.Load(_network);
        var stranger = authority.IssueNode("somebody.else", [], 20);
        Replace("node.crt", stranger.Certificate);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal(_network.OfNode("node.crt"), "are not a certificate and its key");
        Replace("node.key", stranger.Key);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal("must have CN=solo.example");
        File.SetUnixFileMode(_network.OfNode("node.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        RunningNode.RunToEnd(_network.Data).ExpectRefusal("its mode is 404", "chmod 600");
    }

    [Fact]
    public async Task Auditor_AtALiveNode_NeedsARoleAndVerifies()
    {
        string auditor = _network.MakeClient("auditor", "auditor"), submitter = _network.MakeClient("submitter", "submitter");
        using var node = await _network.StartAsync();
        string[] Verify(params string[] options) => ["verify", node.TileAddress.ToString(), "--policy", _network.Solo.PolicyFile, .. options];

        Programs.RunAuditor(Verify(_network.Options(auditor))).Expect(0);
        Assert.Contains("EQUAL", Programs.RunAuditor(["compare", node.TileAddress.ToString(), _network.Data, "--policy", _network.Solo.PolicyFile, .. _network.Options(auditor)])
            .Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("403", Programs.RunAuditor(Verify(_network.Options(submitter))).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("--cert", Programs.RunAuditor(Verify()).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("belong together", Programs.RunAuditor(Verify("--cert", auditor + ".crt")).Expect(2).Error, StringComparison.Ordinal);
        using var other = new TlsNetwork();
        Programs.RunAuditor(Verify("--cert", auditor + ".crt", "--key", auditor + ".key", "--ca", other.Authority)).Expect(4);
    }

    private static async Task RefusedAsync(RunningNode node, HttpMessageHandler handler)
    {
        using var client = new NodeClient(node.GrpcAddress, handler);
        var refused = await Assert.ThrowsAsync<RpcException>(client.StatusAsync);
        Assert.True(refused.StatusCode is StatusCode.Unavailable or StatusCode.Internal, refused.ToString());
    }

    // For servers only: the extended key usage of clients is missing.
    private static IssuedCertificate ServerOnly(Authority authority)
    {
        using var root = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(authority.Files.Certificate, authority.Files.Key);
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=server,OU=reader", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new System.Security.Cryptography.X509Certificates.X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        using var issued = request.Create(root, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
        return new IssuedCertificate(issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private string Issue(string name, int daysFromNow, Func<Authority, IssuedCertificate> issue)
    {
        using var authority = OwnAuthority.Load(_network, new OwnAuthority.Shifted(TimeSpan.FromDays(daysFromNow)));
        return OwnAuthority.Write(_network.Pki("clients", name), issue(authority));
    }

    private void Replace(string file, string text)
    {
        string path = _network.OfNode(file);
        File.Delete(path + ".next");
        SecretFile.Write(path + ".next", System.Text.Encoding.ASCII.GetBytes(text));
        File.Move(path + ".next", path, overwrite: true);
    }

    private async Task<string> SerialAsync(RunningNode node, string client)
    {
        string serial = "";
        var handler = _network.Handler(client);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            serial = certificate!.GetSerialNumberString();
            return serial.Length > 0;
        };
        using var fresh = new NodeClient(node.GrpcAddress, handler);
        await fresh.StatusAsync();
        return serial;
    }
}
