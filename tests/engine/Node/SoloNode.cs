using RxChain.Engine.Core;
using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Engine.Tests.Simulation;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Node;

/// <summary>One running node on a disk in memory: the only validator of its network, or one of four whose peers are silent.</summary>
internal sealed class SoloNode : IAsyncDisposable
{
    private readonly LocalOrder _order;
    private readonly CosignedHeadFile _cosigned;
    private readonly SegmentLeafLog _log;

    public SoloNode(
        MemoryDisk? disk = null, MemoryStates? states = null, GenesisLeaf? genesis = null, bool observer = false,
        Func<IOrdering, IOrdering>? wrapOrder = null)
    {
        Disk = disk ?? new MemoryDisk();
        States = states ?? MemoryStates.Create();
        _cosigned = CosignedHeadFile.Open(Disk, "/node/cosigned");
        _log = SegmentLeafLog.Open(Disk, "/node", _cosigned.Read().Size, new LogOptions { SegmentBytes = 4 << 20, OpenSegments = 2 });
        Ports = new FailingPorts(_log, _cosigned, States);
        _order = LocalOrder.ForOneMember(0);
        Parts = new NodeParts
        {
            Member = FixedNetwork.Hospital,
            Genesis = genesis ?? OneValidator,
            Validator = observer ? null : SimNetwork.Identity(FixedNetwork.Hospital, FixedNetwork.Hospital),
            Log = Ports,
            State = Ports,
            CosignedHead = Ports,
            Checkpoint = new MemoryCheckpoints(),
            Signatures = new MemorySignatures(),
            Ordering = wrapOrder is null ? _order : wrapOrder(_order),
            Peers = new LocalPeers().Join(FixedNetwork.Hospital),
            FindLeaves = _ => ([], 0),
            Clock = Clock,
            MaxDirtyBuckets = 4,
        };
    }

    public static GenesisLeaf OneValidator { get; } = Genesis();

    public TestClock Clock { get; } = new(FixedNetwork.CreatedMs + 60_000);

    public MemoryDisk Disk { get; }

    public MemoryStates States { get; }

    public FailingPorts Ports { get; }

    public NodeParts Parts { get; }

    public LedgerNode Node { get; private set; } = null!;

    public SoloNode Start()
    {
        Node = LedgerNode.Start(Parts);
        return this;
    }

    public Task<SubmitResult> SubmitAsync(SignedEvent e, Commitment commitment = Commitment.Final) =>
        Node.SubmitAsync(e.Bytes, commitment, new CancellationTokenSource(TimeSpan.FromSeconds(120)).Token);

    /// <summary>Registrations, and then as many prescriptions as wanted.</summary>
    public static IEnumerable<SignedEvent> Acts(int prescriptions)
    {
        var story = new Story();
        yield return story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital);
        yield return story.Register(Story.Pharmacist, Profession.Pharmacist, FixedNetwork.PharmacyA);
        for (int i = 0; i < prescriptions; i++)
            yield return story.Issue($"rx-{i}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Node is not null)
            await Node.DisposeAsync();
        await _order.DisposeAsync();
        _cosigned.Dispose();
        _log.Dispose();
    }

    private static GenesisLeaf Genesis()
    {
        MemberCard[] members =
        [
            FixedNetwork.Card(FixedNetwork.Hospital, true, Role.Hospital), FixedNetwork.Card(FixedNetwork.PharmacyA, false, Role.Pharmacy),
            FixedNetwork.Card(FixedNetwork.Regulator, false, Role.Regulator),
        ];
        return new GenesisLeaf
        {
            Origin = FixedNetwork.Origin,
            CreatedMs = FixedNetwork.CreatedMs,
            Members = members,
            Policy = FixedNetwork.Policy(),
            QuorumText = FixedNetwork.Quorum(members),
        };
    }
}
