using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Client;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Network;

/// <summary>Acts of a network's members, each through its own node and signed with its own key.</summary>
internal sealed class NetworkStory(NetworkProcesses network) : IDisposable
{
    private readonly Dictionary<string, P256PrivateKey> _keys = network.Members.ToDictionary(m => m, network.OrganisationKey);
    private readonly Person _prescriber = new();
    private readonly Person _pharmacist = new();

    /// <summary>Everything acknowledged as final.</summary>
    public List<Acknowledged> Acknowledged { get; } = [];

    /// <summary>Registers a prescriber of the hospital and a pharmacist of the first pharmacy.</summary>
    public async Task RegisterAsync()
    {
        await ActAsync("regulator", e => e.RegisterPractitioner = _prescriber.Registration(network.Origin, Profession.Prescriber, "hospital"));
        await ActAsync("regulator", e => e.RegisterPractitioner = _pharmacist.Registration(network.Origin, Profession.Pharmacist, "pharmacy-1"));
    }

    /// <summary>One prescription: issued by the hospital, claimed and dispensed by the first pharmacy. Gives the leaf of the dispense.</summary>
    public async Task<long> PrescribeAsync()
    {
        var (id, patient) = (Person.RandomBytes(16), new Person());
        long issued = await IssueAsync(id, patient);
        await ActAsync("pharmacy-1", e => e.Claim = new Claim { ClaimNumber = 1, Token = patient.Token(network.Origin, id, "pharmacy-1", 1) }, null, id, issued);
        return await ActAsync("pharmacy-1", e => e.Dispense = SampleActs.Dispense(), _pharmacist, id);
    }

    /// <summary>Sets how many validators must cosign: a new era. The regulator proposes, and as many as are given vote for it.</summary>
    public async Task SetQuorumAsync(uint threshold, params string[] voters)
    {
        var proposal = await ActOnNetworkAsync("regulator", e => e.Propose = new Propose { SetQuorum = new SetQuorum { Threshold = threshold } });
        foreach (string voter in voters)
            await ActOnNetworkAsync(voter, e => e.Vote = new Vote { ProposalId = ByteString.CopyFrom(proposal.Span), Ballot = Ballot.Approve });
    }

    /// <summary>Issues prescriptions, several at a time, until there are so many. Gives the greatest leaf.</summary>
    public async Task<long> IssueManyAsync(int count)
    {
        long last = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
        {
            long leaf = await IssueAsync(Person.RandomBytes(16), new Person());
            InterlockedMax(ref last, leaf);
        });
        return last;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
    }

    private Task<long> IssueAsync(ByteString id, Person patient) =>
        ActAsync("hospital", e => e.Issue = SampleActs.Issue(e.TimeMs, patient), _prescriber, id);

    // What was done through another node, at leaf `after`, may not have reached this one yet.
    private async Task<long> ActAsync(
        string member, Action<Event> act, Person? responsible = null, ByteString? prescription = null, long after = 0)
    {
        using var channel = GrpcChannel.ForAddress(network[member].GrpcAddress);
        var client = new RxChainClient(channel.CreateCallInvoker(), network.Origin, network.Policy);
        if (after > 0)
            await client.Ledger.GetReceiptAsync(new GetReceiptRequest { LeafIndex = after, Wait = true });
        var draft = Draft(member, act);
        draft.PrescriptionId = prescription ?? ByteString.Empty;
        draft.ResponsibleId = responsible?.Id ?? ByteString.Empty;
        EventSigner[] signers = [new EventSigner(_keys[member]), .. responsible is null ? Array.Empty<EventSigner>() : [responsible.Signer]];
        var done = await client.ActAsync(draft, signers, Commitment.Final);
        lock (Acknowledged)
            Acknowledged.Add(new Acknowledged(new Ledger.Hash32(done.EventId.Span), done.LeafIndex, done.Duplicate));
        return done.LeafIndex;
    }

    // On no chain of acts: nothing has to be asked for.
    private async Task<Ledger.Hash32> ActOnNetworkAsync(string member, Action<Event> act)
    {
        var built = PreparedEvent.Build(Draft(member, act), network.Origin, [new EventSigner(_keys[member])]);
        byte[] envelope = Ledger.Envelopes.SignedEvent.Encode(built.Payload.Span, [_keys[member].SignDigest(built.EventId)]);
        using var client = network.Client(member);
        Acknowledged.Add(await client.SubmitAsync(new Envelope(built.EventId, envelope)));
        return built.EventId;
    }

    private static Event Draft(string member, Action<Event> act)
    {
        var draft = new Event
        {
            Organisation = member,
            Role = member switch { "regulator" => Role.Regulator, "hospital" => Role.Hospital, _ => Role.Pharmacy },
            TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        };
        act(draft);
        return draft;
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (long seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
