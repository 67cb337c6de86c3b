using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Client;
using RxChain.Engine.Node;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Node.Hosting;
using RxChain.Prescriptions.Events;
using RxChain.Storage;

namespace RxChain.Node.Demo;

/// <summary>One organisation of the demo: its directory, keys, node, server, and a client that talks to its own node.</summary>
internal sealed class DemoMember : IAsyncDisposable
{
    private readonly MemberKeys _keys;
    private readonly DataDirectory _directory;
    private OpenedNode? _node;
    private NodeServer? _server;
    private GrpcChannel? _channel;

    public DemoMember(string root, string network, string name, Role role)
    {
        Name = name;
        Role = role;
        Directory = Path.Combine(root, name);
        _directory = DataDirectory.Open(Directory);
        _keys = MemberKeys.Create(_directory);
        Card = _keys.CreateCard(network, name, [role]);
        Signer = new EventSigner(_keys.Organisation);
    }

    public string Name { get; }

    public Role Role { get; }

    public string Directory { get; }

    public MemberCard Card { get; }

    /// <summary>Signs as the organisation.</summary>
    public EventSigner Signer { get; }

    public LedgerNode Node => _node!.Node;

    public RxChainClient Client { get; private set; } = null!;

    public async Task StartAsync(GenesisLeaf genesis, LocalOrder order, LocalPeers peers, TimeProvider clock)
    {
        await File.WriteAllBytesAsync(Path.Combine(Directory, "genesis.rx"), genesis.ToArray());
        _node = await OpenedNode.OpenAsync(_directory, new NodeSetup
        {
            Genesis = genesis,
            Member = Name,
            Ordering = _ => order,
            Peers = peers.Join(Name),
            Clock = clock,
        });
        var anyPort = new IPEndPoint(IPAddress.Loopback, 0);
        _server = await NodeServer.StartAsync(_node, anyPort, anyPort);
        _channel = GrpcChannel.ForAddress(_server.GrpcAddress);
        var policy = TlogPolicy.TryParse(System.Text.Encoding.UTF8.GetBytes(genesis.QuorumText), out var parsed, out var errors)
            ? parsed : throw new InvalidDataException(errors[0]);
        Client = new RxChainClient(_channel.CreateCallInvoker(), genesis.Origin, policy);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
        _keys.Dispose();
    }
}
