using System.Text;
using Google.Protobuf;
using RxChain.Client;
using RxChain.Engine;
using RxChain.Grpc.Tests.Services;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Testing.Node;

namespace RxChain.SystemTests.Audit;

/// <summary>A ledger with the rarer acts, made by a node in memory. Each event is a block of its own.</summary>
internal sealed class RareLedger : IDisposable
{
    private readonly TestNetwork _network = new(policy => policy.ClaimOverrideAllowed = true);
    private readonly InMemoryNode _node;

    public RareLedger()
    {
        _node = new InMemoryNode(_network);
        Do(_network.Registration("prescriber", Profession.Prescriber, Drafts.NowMs, "hospital"));
        Do(_network.Registration("pharmacist-a", Profession.Pharmacist, Drafts.NowMs, "pharmacy-a"));
    }

    /// <summary>Who must have signed its checkpoint.</summary>
    public string Policy => _network.Quorum;

    /// <summary>Does what a draft says, whatever comes of it. Gives its event id.</summary>
    public async Task<ByteString> DoAsync(Event draft, P256PrivateKey? statement = null)
    {
        Place(draft);
        if (statement is not null)
            await StatementSigner.SignAsync(draft, new EventSigner(statement));
        return Do(draft);
    }

    /// <summary>The key of an organisation.</summary>
    public P256PrivateKey Key(string name) => _network.Key(name);

    /// <summary>A prescription as it is now.</summary>
    public Prescription Read(ByteString id) => _node.ReadState<Prescription>(EntityKind.Prescription, id.Memory).Value!;

    /// <summary>Writes a tile directory.</summary>
    public string Write(string directory)
    {
        byte[][] leaves = [.. Enumerable.Range(0, (int)_node.Status.Size).Select(i => _node.ReadLeaf(i).ToArray())];
        return SampleLedger.Write(directory, SampleLedger.Files(leaves, _node.FinalCheckpoint!));
    }

    public void Dispose()
    {
        _node.Dispose();
        _network.Dispose();
    }

    private void Place(Event draft)
    {
        draft.Network = TestNetwork.Origin;
        var acts = _node.ReadState<Prescription>(EntityKind.Prescription, draft.PrescriptionId.Memory).Value?.Acts;
        uint head = (uint)(acts?.Count ?? 0);
        draft.Sequence = ActKinds.IsSide(draft) ? head : head + 1;
        draft.PreviousEventId = head > 0 ? acts![^1].EventId : ByteString.Empty;
        draft.KeyIds.AddRange(Drafts.SignersOf(draft).Select(_network.KeyId));
    }

    private ByteString Do(Event act) => ByteString.CopyFrom(_node.SubmitAsync(
        _network.Sign(act, Drafts.SignersOf(act)), Commitment.Ordered, CancellationToken.None).Result.EventId.Span);
}
