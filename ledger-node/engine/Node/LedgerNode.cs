using System.Threading.Channels;
using Google.Protobuf;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.State;

namespace RxChain.Engine.Node;

/// <summary>
/// A running node: the thin asynchronous driver around <see cref="EngineCore"/>. It feeds the core from the ordering, the
/// log's flusher, the peers and a clock, and carries its effects out.
/// </summary>
public sealed partial class LedgerNode : ILedgerNode, IAsyncDisposable
{
    private readonly NodeParts _parts;
    private readonly BlockExecutor _executor;
    private readonly EngineCore _core;
    private readonly KeyDirectory _keys = new();
    private readonly EventVerifier _verifier;
    private readonly Admission _admission;
    private readonly Proposer? _proposer;
    private readonly bool _soleValidator;
    private readonly Lock _coreLock = new();
    private readonly Channel<EngineInput> _inputs = Channel.CreateUnbounded<EngineInput>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Progress _progress = new();
    private readonly SignatureKeeping _signatures;
    private readonly List<string> _alarms = [];
    private volatile SignedCheckpoint? _final;
    private (long Height, Hash32 SealHash, ulong Epoch) _applied;
    private Task[] _tasks = [];

    private LedgerNode(NodeParts parts, BlockExecutor executor)
    {
        _parts = parts;
        _executor = executor;
        _verifier = new EventVerifier(_keys);
        _final = parts.Checkpoint.Read();
        _core = new EngineCore(parts.Genesis.Origin, parts.Validator, executor, _keys, Memory(parts, executor));
        _signatures = new SignatureKeeping(parts.Signatures);
        _admission = new Admission(parts.Genesis.Origin, _verifier, ImportKeys);
        _applied = (executor.Head.Height, executor.Head.SealHash, executor.Head.Epoch);
        _ledgerTimeMs = executor.Head.LedgerTimeMs;
        // Its own batches carry the one clock that counts.
        _soleValidator = parts.Genesis.Validators.Count() == 1;
        if (parts is { Validator: { } validator, Ordering: { } ordering })
            _proposer = new Proposer(validator, parts.Genesis.Origin, ordering, parts.Clock, () => { lock (_coreLock) return _applied; });
    }

    /// <inheritdoc/>
    public string Member => _parts.Member;

    /// <inheritdoc/>
    public GenesisLeaf Genesis => _parts.Genesis;

    /// <inheritdoc/>
    public SignedCheckpoint? FinalCheckpoint => _final;

    /// <inheritdoc/>
    public SignedCheckpoint? FindEraEnd(uint era) => _parts.Checkpoint.ReadEraEnd(era);

    /// <inheritdoc/>
    public IReadOnlyList<EquivocationProof> Evidence => _parts.Signatures.ReadEvidence();

    /// <inheritdoc/>
    public Task Completion => _progress.Completion;

    /// <inheritdoc/>
    public NodeStatus Status
    {
        get
        {
            long size = _parts.Log.DurableSize;
            MerkleProver.TryRoot(size, TryReadNode, out var root);
            lock (_coreLock)
            {
                return new NodeStatus
                {
                    Member = Member,
                    Origin = Genesis.Origin,
                    Height = _executor.Head.Height,
                    Size = size,
                    Root = root,
                    FinalSize = _final?.Checkpoint.Size ?? 0,
                    CosignedSize = _core.LastCosigned.Size,
                    Halt = _core.Halt,
                    LedgerTimeMs = _executor.Head.LedgerTimeMs,
                    KeyImports = _keys.Imports,
                    IgnoredPuts = Interlocked.Read(ref _ignoredPuts),
                    Alarms = [.. _alarms],
                    Peers = _parts.Peers.Status,
                    OrderingProblems = _parts.Ordering?.Problems ?? [],
                    CopyTarget = Volatile.Read(ref _copyTarget),
                };
            }
        }
    }

    /// <summary>
    /// Recovers state and head from the log and starts. Throws <see cref="CorruptLogException"/> when the log is not one that
    /// this node can have written, and <see cref="IOException"/> when the disk fails.
    /// </summary>
    public static LedgerNode Start(NodeParts parts)
    {
        var recovery = new NodeRecovery(parts);
        var node = new LedgerNode(parts, recovery.Run());
        node._alarms.AddRange(recovery.Notices);
        node.Run();
        return node;
    }

    /// <summary>
    /// Recovers state and head from the log as <see cref="Start"/> does, and starts nothing: for work on a stopped node's log.
    /// </summary>
    public static BlockExecutor Replay(NodeParts parts) => new NodeRecovery(parts).Run();

    /// <inheritdoc/>
    public Task<SubmitResult> SubmitAsync(
        ReadOnlyMemory<byte> envelope, Commitment commitment, CancellationToken cancellationToken) =>
        SignedEvent.TryParse(envelope, out var signed, out var refusal)
            ? SubmitAsync(signed, commitment, cancellationToken)
            : Task.FromResult(new SubmitResult(default, refusal.Outcome, refusal.Detail, -1, false));

    /// <inheritdoc/>
    public async Task<SubmitResult> SubmitAsync(SignedEvent signed, Commitment commitment, CancellationToken cancellationToken)
    {
        if (_proposer is null)
            throw new OrderingUnavailableException("This node is an observer: submit through a validator.");
        ThrowIfHalted();
        var (admitted, refusal) = await AdmitAsync(signed, cancellationToken).ConfigureAwait(false);
        if (admitted is null)
            return refusal;
        await CatchUpAsync(signed.Event.TimeMs, cancellationToken).ConfigureAwait(false);
        var submission = new Submission(admitted, commitment);
        await _proposer.EnqueueAsync(submission, cancellationToken).ConfigureAwait(false);
        return await submission.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public StateRead<T> ReadState<T>(EntityKind kind, ReadOnlyMemory<byte> id) where T : class, IMessage<T>, new()
    {
        lock (_coreLock)
        {
            return _core.Halt?.Kind == HaltKind.Diverged
                ? ReadFinalState<T>(kind, id.Span)
                : new StateRead<T>(_executor.State.Find<T>(kind, id.Span), _executor.Head.Size, _executor.Head.LedgerTimeMs);
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadLeaf(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _parts.Log.DurableSize);
        return _parts.Log.Read(index);
    }

    /// <inheritdoc/>
    public (IReadOnlyList<long> Leaves, long KnownSize) FindLeaves(ReadOnlyMemory<byte> prescriptionId) =>
        _parts.FindLeaves(prescriptionId);

    /// <inheritdoc/>
    public bool TryReadNode(int level, long index, out Hash32 hash)
    {
        hash = default;
        return (index + 1) << level <= _parts.Log.DurableSize && _parts.Log.TryReadNode(level, index, out hash);
    }

    /// <inheritdoc/>
    public TlogProof? CreateReceipt(long leafIndex) =>
        _final is { } final && leafIndex < final.Checkpoint.Size
        && MerkleProver.TryProveInclusion(leafIndex, final.Checkpoint.Size, TryReadNode, out var proof)
            ? new TlogProof(leafIndex, proof, final) : null;

    /// <inheritdoc/>
    public ProvenState? ProveState(EntityKind kind, ReadOnlyMemory<byte> id)
    {
        lock (_coreLock)
        {
            if (_final is not { } final || _executor.State.Prove(StateKey.Of(kind, id.Span), final.Checkpoint.Size) is not { } proven)
                return null;
            return new ProvenState(proven.Value, proven.Proof, final.Checkpoint.Size - 1, final);
        }
    }

    /// <inheritdoc/>
    public Task<long> WaitBeyondAsync(long size, Commitment commitment, CancellationToken cancellationToken) =>
        _progress.WaitBeyondAsync(size, commitment, cancellationToken);

    // Counted, so that the keys and the state stay open until the last admission is over.
    private async Task<(CheckedEvent? Admitted, SubmitResult Refusal)> AdmitAsync(SignedEvent signed, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _admitting);
        try
        {
            if (Completion.IsCompleted || Volatile.Read(ref _disposed) != 0)
                throw new OrderingUnavailableException("This node has stopped.");
            return await Task.Run(
                () => (_admission.Check(signed, out var refused), refused), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _admitting);
        }
    }

    private bool ImportKeys(CheckedEvent checkedEvent)
    {
        lock (_coreLock)
            return _core.Keys.TryImport(checkedEvent);
    }
}
