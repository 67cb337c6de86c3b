using RxChain.Client;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Tls;

/// <summary>A network of one member under mutual TLS, by the real commands: authority, node certificate, clients.</summary>
internal sealed class TlsNetwork : IDisposable
{
    public TlsNetwork()
    {
        Made("node", "--member", SoloNetwork.Member);
        string tls = Path.Combine(Data, "tls");
        Directory.CreateDirectory(tls);
        foreach (string file in new[] { "node.crt", "node.key", "ca.crt" })
            File.Copy(Pki(file), Path.Combine(tls, file));
    }

    /// <summary>The member.</summary>
    public SoloNetwork Solo { get; } = new(plaintext: false);

    /// <summary>Its data directory.</summary>
    public string Data => Solo.Data;

    /// <summary>The member's authority.</summary>
    public string Authority => Pki("ca.crt");

    /// <summary>A file of the member's in the directory of certificates.</summary>
    public string Pki(params string[] parts) => Solo[["pki", SoloNetwork.Member, .. parts]];

    /// <summary>A file that the node reads.</summary>
    public string OfNode(string file) => Path.Combine(Data, "tls", file);

    /// <summary>Runs <c>rxnode pki</c>.</summary>
    public Finished Make(string what, params string[] arguments) => Programs.RunNode(["pki", what, "--out", Solo["pki"], .. arguments]);

    /// <summary>Makes a client's certificate and returns its path without extension.</summary>
    public string MakeClient(string name, params string[] roles)
    {
        Made("client", ["--member", SoloNetwork.Member, "--name", name, "--role", .. roles]);
        return Pki("clients", name);
    }

    /// <summary>Starts its node.</summary>
    public Task<RunningNode> StartAsync() => RunningNode.StartAsync(Data);

    /// <summary>A client with the certificate of <see cref="MakeClient"/>.</summary>
    public NodeClient Client(RunningNode node, string client) => new(node.GrpcAddress, Handler(client));

    /// <summary>How such a client connects.</summary>
    public SocketsHttpHandler Handler(string client) => MutualTls.CreateHandler(client + ".crt", client + ".key", Authority);

    /// <summary>Options of commands that call the node with such a client.</summary>
    public string[] Options(string client) => ["--cert", client + ".crt", "--key", client + ".key", "--ca", Authority];

    /// <inheritdoc/>
    public void Dispose() => Solo.Dispose();

    private void Made(string what, params string[] arguments) => Make(what, arguments).Expect(0);
}
