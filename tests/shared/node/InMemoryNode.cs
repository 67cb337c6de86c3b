using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Testing.Node;

/// <summary>
/// A node of one validator without ordering and disk: every event is a batch, executed by the real executor over a real
/// state map at once. Heads are final at once too, unless a test holds them back. Thread-safe.
/// </summary>
internal sealed partial class InMemoryNode : ILedgerNode, IDisposable
{
    private readonly Lock _lock = new();
    private readonly TestNetwork _network;
    private readonly StateMap _state;
    private readonly BlockExecutor _executor;
    private readonly KeyDirectory _keys = new();
    private readonly List<ReadOnlyMemory<byte>> _leaves = [];
    private readonly List<List<Hash32>> _nodes = [[]];
    private readonly List<(long Size, Commitment Commitment, TaskCompletionSource<long> Done)> _waiting = [];
    private ulong _position;

    public InMemoryNode(TestNetwork network)
    {
        _network = network;
        _state = new StateMap((int)network.Genesis.Policy.BucketBits, new NoBuckets());
        _executor = new BlockExecutor(_state, new ChainHead());
        ClockMs = () => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        lock (_lock)
            Append(_executor.Begin(network.Genesis));
    }

    /// <summary>The validator's clock; tests may move it.</summary>
    public Func<long> ClockMs { get; set; }

    /// <summary>When set, submissions fail as if the ordering could not be reached.</summary>
    public bool OrderingIsDown { get; set; }

    /// <summary>When set, blocks do not become final until it is cleared and the next block is made.</summary>
    public bool HoldsFinality { get; set; }

    /// <summary>The proofs that it keeps.</summary>
    public IReadOnlyList<EquivocationProof> Evidence { get; set; } = [];

    /// <summary>What the lookup index answers; nothing before one is attached.</summary>
    public Func<ReadOnlyMemory<byte>, (IReadOnlyList<long>, long)> Lookup { get; set; } = _ => ([], 0);

    /// <summary>Completed by tests: the node has stopped itself.</summary>
    public TaskCompletionSource Stopped { get; } = new();

    public Task Completion => Stopped.Task;

    public string Member => TestNetwork.Validator;

    public GenesisLeaf Genesis => _network.Genesis;

    public SignedCheckpoint? FinalCheckpoint { get; private set; }

    public NodeStatus Status
    {
        get
        {
            lock (_lock)
            {
                long final = FinalCheckpoint?.Checkpoint.Size ?? 0;
                return new NodeStatus
                {
                    Member = Member,
                    Origin = Genesis.Origin,
                    Height = _executor.Head.Height,
                    Size = _leaves.Count,
                    Root = _executor.Head.Tree.Root,
                    FinalSize = final,
                    CosignedSize = final,
                    LedgerTimeMs = _executor.Head.LedgerTimeMs,
                    KeyImports = _keys.Imports,
                    IgnoredPuts = 0,
                    Alarms = [],
                };
            }
        }
    }

    public async Task<SubmitResult> SubmitAsync(
        ReadOnlyMemory<byte> envelope, Commitment commitment, CancellationToken cancellationToken)
    {
        SubmitResult result;
        lock (_lock)
            result = Submit(envelope);
        if (result.LeafIndex >= 0 && commitment == Commitment.Final)
            await WaitBeyondAsync(result.LeafIndex, Commitment.Final, cancellationToken);
        return result;
    }

    /// <summary>Makes an empty block: ledger time moves to the clock.</summary>
    public void Tick()
    {
        lock (_lock)
            Execute([]);
    }

    public void Dispose() => _keys.Dispose();

    private SubmitResult Submit(ReadOnlyMemory<byte> envelope)
    {
        if (!SignedEvent.TryParse(envelope, out var signed, out var refusal))
            return new SubmitResult(default, refusal.Outcome, refusal.Detail, -1, false);
        var checkedEvent = Check(signed, out var outcome);
        if (outcome != Outcome.Accepted)
            return new SubmitResult(signed.EventId, outcome, $"admission: {outcome}", -1, false);
        if (OrderingIsDown)
            throw new OrderingUnavailableException("The ordering is down.");
        var place = _executor.FirstPlace(checkedEvent) ?? Execute([checkedEvent])[0];
        return new SubmitResult(signed.EventId, place.Outcome, "", place.LeafIndex, place.Duplicate);
    }

    private CheckedEvent Check(SignedEvent signed, out Outcome outcome)
    {
        foreach (var keyId in signed.Event.KeyIds)
        {
            if (_state.Find<Key>(EntityKind.Key, keyId.Span) is { } key)
                _keys.Add(key.PublicKey.Span);
        }
        var found = new EventVerifier(_keys).Check(signed);
        outcome = signed.Event.Network != Genesis.Origin ? Outcome.WrongNetwork : found.Verdict switch
        {
            SignatureVerdict.Valid => Outcome.Accepted,
            SignatureVerdict.KeyUnknown => Outcome.UnknownSigner,
            _ => Outcome.BadSignature,
        };
        return found;
    }

    private IReadOnlyList<EventPlace> Execute(IReadOnlyList<CheckedEvent> events)
    {
        var head = _executor.Head;
        var header = new BatchHeader
        {
            Network = Genesis.Origin,
            Epoch = 0,
            BaseHeight = head.Height,
            BaseSealHash = head.SealHash,
            ClockMs = ClockMs(),
            Proposer = Member,
            EnvelopeHashes = [.. events.Select(e => e.Signed.EnvelopeHash)],
        };
        byte[] unsigned = header.UnsignedBytes();
        byte[] bytes = [.. unsigned, .. _network.NodeKey.Sign(BatchHeader.SignedBytes(unsigned))];
        var batch = new CheckedBatch(Batch.Create(bytes, header, [.. events.Select(e => e.Signed)]), events);
        var block = _executor.Execute(batch, ++_position, out string reason)
            ?? throw new InvalidOperationException($"The block was refused: {reason}");
        Append(block);
        return block.Places;
    }

    private void Append(ExecutedBlock block)
    {
        _leaves.AddRange(block.Leaves);
        foreach (var hash in block.LeafHashes)
            AddNode(0, hash);
        _state.Remember(_leaves.Count, int.MaxValue);
        if (!HoldsFinality)
            Finalise();
        Wake();
    }

    private void AddNode(int level, Hash32 hash)
    {
        if (_nodes.Count == level)
            _nodes.Add([]);
        _nodes[level].Add(hash);
        if (_nodes[level].Count % 2 == 0)
            AddNode(level + 1, Rfc6962.NodeHash(_nodes[level][^2], hash));
    }

    private void Finalise()
    {
        var checkpoint = new Checkpoint(Genesis.Origin, _leaves.Count, _executor.Head.Tree.Root);
        FinalCheckpoint = _network.Sign(checkpoint, ClockMs() / 1000);
        _state.ForgetBelow(_leaves.Count);
    }

    private sealed class NoBuckets : IBucketReader
    {
        public byte[]? ReadBucket(uint bucket) => null;
    }
}
