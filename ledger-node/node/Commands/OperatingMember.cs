using System.CommandLine;
using System.Text;
using Grpc.Net.Client;
using RxChain.Client;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;
using RxChain.Node.Configuration;
using RxChain.Node.Hosting;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;

namespace RxChain.Node.Commands;

/// <summary>A member that an operator acts for: its organisation key, and its own running node.</summary>
internal sealed class OperatingMember : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;
    private readonly P256PrivateKey _organisation;

    private OperatingMember(string name, GrpcChannel channel, string network, TlogPolicy policy, P256PrivateKey organisation)
    {
        Name = name;
        _channel = channel;
        _organisation = organisation;
        Client = new RxChainClient(channel.CreateCallInvoker(), network, policy);
    }

    public string Name { get; }

    public RxChainClient Client { get; }

    /// <summary>Reads the member's configuration and key, and opens a channel to its node.</summary>
    public static OperatingMember Open(string data, NodeConnection node, ParseResult arguments)
    {
        var config = NodeConfig.ReadForCommands(data);
        var genesis = GenesisFile.Read(Path.Combine(data, config.Genesis));
        if (!TlogPolicy.TryParse(Encoding.UTF8.GetBytes(genesis.QuorumText), out var policy, out var errors))
            throw new InvalidDataException(errors[0]);
        return new OperatingMember(config.Member, node.Open(arguments, config.AddressHere), genesis.Origin, policy, MemberKeys.LoadOrganisation(data));
    }

    /// <summary>The network as the node has it.</summary>
    public async Task<GetNetworkResponse> ReadNetworkAsync(CancellationToken cancellation) => await Client.Ledger.GetNetworkAsync(
        new GetNetworkRequest(), deadline: DateTime.UtcNow + Patience, cancellationToken: cancellation);

    /// <summary>Does an act in the name of the organisation, and waits until it is final.</summary>
    public async Task<SubmitEventResponse> ActAsync(Event draft, CancellationToken cancellation)
    {
        var network = await ReadNetworkAsync(cancellation);
        var self = network.Members.SingleOrDefault(member => member.Name == Name)
            ?? throw new InvalidDataException($"{Name} is not a member of {network.Network}.");
        if (!self.Organisation.KeyId.Span.SequenceEqual(KeyId.Of(KeyId.EcdsaP256, _organisation.PublicKey.Encoded)))
            throw new InvalidDataException($"organisation.key is not the key of {Name} in force. If a vote gave it a new one: rxnode rotate-keys --take.");
        (draft.Organisation, draft.Role) = (Name, self.Organisation.Roles[0]);
        draft.TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        soon.CancelAfter(Patience);
        return await Client.ActAsync(draft, [new EventSigner(_organisation)], Commitment.Final, cancellationToken: soon.Token);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _organisation.Dispose();
    }
}
