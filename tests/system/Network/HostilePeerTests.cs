using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Ledger;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;
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
    public async Task Validator_ThatReportsOrCosignsTwoHeads_IsProvedALiarToWhoeverAsks()
    {
        await using var network = await NetworkProcesses.StartAsync();
        using var story = new NetworkStory(network);
        await story.RegisterAsync();
        network.Kill(Hostile);
        using var channel = GrpcChannel.ForAddress(network.PeerAddress(Victim));
        var peer = new PeerService.PeerServiceClient(channel.CreateCallInvoker());

        await TellAsync(peer, Hostile, new ExchangeRequest { Report = Report(network, Hostile, 1) }, new ExchangeRequest { Report = Report(network, Hostile, 2) });
        await AlarmAsync(network, $"EQUIVOCATION: {Hostile} has signed statements that cannot both be true (HeadReports");
        await TellAsync(peer, Hostile, new ExchangeRequest { Cosigned = Cosigned(network, 1) }, new ExchangeRequest { Cosigned = Cosigned(network, 2) });
        await AlarmAsync(network, $"EQUIVOCATION: {Hostile} has signed statements that cannot both be true (Cosignatures");

        var shown = await peer.ListEvidenceAsync(new ListEvidenceRequest(), Caller(Hostile));
        EquivocationProof[] proofs = [.. shown.Proofs.Select(bytes => EquivocationProof.TryParse(bytes.Memory, out var proof) ? proof : null!)];
        Assert.Equal([Key(network, Hostile, "node").PublicKey, Key(network, Hostile, "cosigner").PublicKey], proofs.Select(proof => proof.Key));
        Assert.All(proofs, proof => Assert.True(proof.Holds(network.Origin, out string what), what));
        CheckFiles(network, [.. shown.Proofs.Select(proof => proof.ToByteArray())]);
    }

    // What an operator hands on, and what others make of it.
    private static void CheckFiles(NetworkProcesses network, byte[][] proofs)
    {
        string directory = network.PathOf("evidence"), first = Path.Combine(directory, $"{Hostile}-1.equivocation");
        string[] fetch = ["evidence", "--out", directory, "--address", network[Victim].GrpcAddress.ToString()];
        Directory.CreateDirectory(directory);
        File.WriteAllText(first, "something else");

        Assert.EndsWith("proofs that the node keeps: 2, written now: 2\n", Programs.RunNode(fetch).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal("proofs that the node keeps: 2, written now: 0\n", Programs.RunNode(fetch).Expect(0).Output);

        Assert.Equal("something else", File.ReadAllText(first));
        string[] written = [.. new[] { 2, 3 }.Select(number => Path.Combine(directory, $"{Hostile}-{number}.equivocation"))];
        Assert.Equal([first, .. written], Directory.GetFiles(directory).Order(StringComparer.Ordinal));
        Assert.Equal(proofs, written.Select(File.ReadAllBytes));
        foreach (string file in written)
        {
            Programs.RunAuditor("evidence", "verify", file, "--ledger", network.Data(Victim), "--policy", network.PolicyFile).Expect(0);
            Programs.RunOther("node", Path.Combine(Programs.Repository, "tests", "independent", "verify.mjs"), "equivocation", file, "--origin", network.Origin).Expect(0);
        }
    }

    // A head that no log has, as a member's node key signs it, in the name of the hostile one.
    private static HeadReport Report(NetworkProcesses network, string signer, byte root)
    {
        var head = Head(root);
        byte[] text = new HeadReportText(network.Origin, 0, Hostile, [(head.Size, new Hash32(head.Root.Span))]).ToBytes();
        return new HeadReport { Heads = { head }, Signature = ByteString.CopyFrom(Key(network, signer, "node").Sign(text)) };
    }

    private static HeadCosigned Cosigned(NetworkProcesses network, byte root)
    {
        var head = Head(root);
        var line = new Cosigner(Hostile, Key(network, Hostile, "cosigner")).Sign(new Checkpoint(network.Origin, head.Size, new Hash32(head.Root.Span)), 1);
        return new HeadCosigned { Head = head, KeyId = line.KeyId, Signature = ByteString.CopyFrom(line.Signature.Span) };
    }

    private static TreeHead Head(byte root) => new() { Size = 1_000_000, Root = ByteString.CopyFrom(Hash32.Sha256([root]).Span) };

    private static Ed25519PrivateKey Key(NetworkProcesses network, string member, string purpose) =>
        new(SecretFile.Read(Path.Combine(network.Data(member), "keys", $"{purpose}.key")));

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
