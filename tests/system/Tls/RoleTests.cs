using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using RxChain.Client;
using RxChain.GrpcApi.Access;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Tls;

/// <summary>Every rpc with every role, over TLS to a real node. What is right is read from docs/SECURITY.md.</summary>
[Collection(TlsSuite.Name)]
public sealed class RoleTests(RoleTests.Served served) : IClassFixture<RoleTests.Served>
{
    private static readonly ServiceDescriptor[] Services = [PrescriptionService.Descriptor, LedgerService.Descriptor, Health.Descriptor];

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var method in Services.SelectMany(service => service.Methods))
            {
                foreach (string role in Served.Clients)
                    cells.Add($"{method.Service.FullName}/{method.Name}", role);
            }
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Rpc_OfARole_IsLetInOrRefusedAsThePageSays(string rpc, string role)
    {
        Assert.True(Page.Roles.TryGetValue(rpc, out string[]? roles), $"docs/SECURITY.md says nothing about {rpc}");
        bool isAllowed = roles.Contains("any") || roles.Contains(role);

        var refused = await CallAsync(served.As(role).Invoker, rpc);

        if (isAllowed)
        {
            Assert.True(refused?.StatusCode is not (StatusCode.PermissionDenied or StatusCode.Unauthenticated), refused?.ToString());
            return;
        }
        Assert.Equal(StatusCode.PermissionDenied, refused?.StatusCode);
        Assert.Equal("ROLE_MISSING", LedgerError.From(refused!)?.Reason);
        Assert.Contains($"needs the role {string.Join(" or ", roles)}; the certificate of {role} has ", refused!.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("submitter", false)]
    [InlineData("reader", true)]
    [InlineData("auditor", true)]
    [InlineData("admin", false)]
    [InlineData("none", false)]
    public async Task Tiles_OfARole_AreServedOrRefused(string role, bool isAllowed)
    {
        using var http = new HttpClient(served.Network.Handler(served.PathOf(role))) { BaseAddress = served.Node.TileAddress };
        foreach (string path in new[] { "checkpoint", "tile/0/000.p/2" })
        {
            using var response = await http.GetAsync(path);
            Assert.Equal(isAllowed ? System.Net.HttpStatusCode.OK : System.Net.HttpStatusCode.Forbidden, response.StatusCode);
        }
        Assert.Equal(isAllowed, Page.Roles[RpcAccess.Tiles].Contains(role));
    }

    [Fact]
    public void Page_AndTable_AreTheSame() => Assert.Equal(
        Page.Roles.Select(row => $"{row.Key}: {string.Join(", ", row.Value)}").Order(StringComparer.Ordinal),
        RpcAccess.Table.Select(row => $"{row.Method.TrimStart('/')}: {(row.Roles.Count == 0 ? "any" : string.Join(", ", row.Roles.Select(ClientRoles.NameOf)))}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task PeerService_WhereClientsAreServed_IsNotThere()
    {
        foreach (var method in PeerService.Descriptor.Methods)
            Assert.Equal(StatusCode.Unimplemented, (await CallAsync(served.As("admin").Invoker, $"{PeerService.Descriptor.FullName}/{method.Name}"))?.StatusCode);
    }

    [Fact]
    public async Task Status_ShowsAlarmsAndCertificates_ToAdminsAndAuditorsOnly()
    {
        foreach (string role in new[] { "submitter", "reader", "auditor", "admin" })
        {
            var status = await served.As(role).StatusAsync();
            Assert.Equal(role is "auditor" or "admin", status.Certificates.Any(c => c is { Name: "node", DaysLeft: > 700 }));
        }
    }

    [Fact]
    public void Evidence_OverTls_IsForAuditorsAndAdmins()
    {
        string directory = Path.Combine(served.Network.Data, "..", "evidence");
        foreach (string role in Served.Clients)
        {
            var done = Programs.RunNode(["evidence", "--out", directory, "--address", served.Node.GrpcAddress.ToString(), .. served.Network.Options(served.PathOf(role))]);
            if (role is "auditor" or "admin")
                Assert.Equal("proofs that the node keeps: 0, written now: 0\n", done.Expect(0).Output);
            else
                done.ExpectRefusal("ROLE_MISSING");
        }
        Assert.Empty(Directory.GetFiles(directory));
    }

    // With an empty message, or none: what is let in is answered by the service, or waits.
    private static async Task<RpcException?> CallAsync(CallInvoker node, string rpc)
    {
        string[] parts = rpc.Split('/');
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, parts[0], parts[1], Bytes, Bytes);
        using var call = node.AsyncDuplexStreamingCall(method, null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(2)));
        try
        {
            if (parts[0] != PeerService.Descriptor.FullName && parts[1] != nameof(PrescriptionService.PrescriptionServiceClient.SubmitEvents))
                await call.RequestStream.WriteAsync([]);
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(CancellationToken.None);
            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }

    /// <summary>A node with a client of each role, and one of none.</summary>
    public sealed class Served : IAsyncLifetime
    {
        private readonly Dictionary<string, NodeClient> _clients = [];

        public static IReadOnlyList<string> Clients { get; } = ["submitter", "reader", "auditor", "admin", "none"];

        internal TlsNetwork Network { get; } = new();

        internal RunningNode Node { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            foreach (string role in Clients.SkipLast(1))
                Network.MakeClient(role, role);
            // An OU that is no role, as the PKI of a hospital may write.
            OwnAuthority.IssueClient(Network, "none", "cardiology");
            Node = await Network.StartAsync();
            foreach (string role in Clients)
                _clients[role] = Network.Client(Node, PathOf(role));
        }

        public Task DisposeAsync()
        {
            foreach (var client in _clients.Values)
                client.Dispose();
            Node.Dispose();
            Network.Dispose();
            return Task.CompletedTask;
        }

        internal NodeClient As(string role) => _clients[role];

        internal string PathOf(string role) => Network.Pki("clients", role);
    }
}
