using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Ledger;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Keys;
using RxChain.Protocol.V1;
using RxChain.Storage;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Network;

/// <summary>What somebody with the place and the keys of one validator can say to another over PeerService.</summary>
[Collection(NetworkSuite.Name)]
public sealed class HostilePeerTests
{
    private const string Victim = "regulator";
    private const string Hostile = "pharmacy-2";

    [Fact]
    public async Task Peer_ThatSpeaksNonsenseOrLies_IsNamedAndTheOthersGoOn()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        network.Kill(Hostile);
        using var channel = GrpcChannel.ForAddress(network.PeerAddress(Victim));
        var peer = new PeerService.PeerServiceClient(channel.CreateCallInvoker());

        Assert.Equal(StatusCode.Unauthenticated, await TellAsync(peer, "somebody", new ExchangeRequest { Named = new SizeNamed { Size = 1 } }));
        Assert.Equal(StatusCode.InvalidArgument, await TellAsync(peer, Hostile, new ExchangeRequest()));
        await AlarmAsync(network, $"peer {Hostile}: a message that does not follow peers.proto");
        Assert.Equal(StatusCode.OK, await TellAsync(peer, Hostile, new ExchangeRequest { Report = Report(network, Victim, 1) }));
        await AlarmAsync(network, Hostile);
        Assert.Equal(StatusCode.OK, await TellAsync(peer, Hostile, [.. Enumerable.Repeat(new ExchangeRequest { Named = new SizeNamed { Size = long.MaxValue } }, 3_000)]));

        long dispensed = await story.PrescribeAsync();
        await network.AgreeAsync(dispensed + 1, network.Members.Where(member => member != Hostile));
    }

    [Fact]
    public async Task Validator_ThatReportsTwoHeads_IsProvedALiarToWhoeverAsks()
    {
        await using var network = await NetworkProcesses.StartAsync();
        network.Kill(Hostile);
        using var channel = GrpcChannel.ForAddress(network.PeerAddress(Victim));
        var peer = new PeerService.PeerServiceClient(channel.CreateCallInvoker());

        await TellAsync(peer, Hostile, new ExchangeRequest { Report = Report(network, Hostile, 1) }, new ExchangeRequest { Report = Report(network, Hostile, 2) });

        await AlarmAsync(network, $"EQUIVOCATION: {Hostile}");
        var shown = await peer.ListEvidenceAsync(new ListEvidenceRequest(), Caller(Hostile));
        Assert.True(EquivocationProof.TryParse(Assert.Single(shown.Proofs).Memory, out var proof));
        Assert.True(proof.Holds(network.Origin, out string what), what);
        Assert.Equal((Hostile, NodeKey(network, Hostile).PublicKey), (proof.Validator, proof.Key));
    }

    // A head that no log has, as a member's node key signs it, in the name of the hostile one.
    private static HeadReport Report(NetworkProcesses network, string signer, byte root)
    {
        const long Size = 1_000_000;
        var hash = Hash32.Sha256([root]);
        byte[] text = new HeadReportText(network.Origin, 0, Hostile, [(Size, hash)]).ToBytes();
        return new HeadReport
        {
            Heads = { new TreeHead { Size = Size, Root = Google.Protobuf.ByteString.CopyFrom(hash.Span) } },
            Signature = Google.Protobuf.ByteString.CopyFrom(NodeKey(network, signer).Sign(text)),
        };
    }

    private static Ed25519PrivateKey NodeKey(NetworkProcesses network, string member) =>
        new(SecretFile.Read(Path.Combine(network.Data(member), "keys", "node.key")));

    private static Metadata Caller(string member) => new() { { "rxchain-member", member } };

    private static async Task<StatusCode> TellAsync(PeerService.PeerServiceClient peer, string caller, params ExchangeRequest[] messages)
    {
        using var call = peer.Exchange(Caller(caller), deadline: DateTime.UtcNow.AddSeconds(60));
        try
        {
            foreach (var message in messages)
                await call.RequestStream.WriteAsync(message);
            await call.RequestStream.CompleteAsync();
            await call.ResponseAsync;
            return StatusCode.OK;
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            return call.GetStatus().StatusCode;
        }
    }

    private static Task<GetStatusResponse> AlarmAsync(NetworkProcesses network, string text) =>
        network.UntilAsync(Victim, status => status.Alarms.Any(alarm => alarm.Contains(text, StringComparison.Ordinal)));
}
