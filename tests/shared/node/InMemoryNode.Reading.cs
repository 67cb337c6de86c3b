using Google.Protobuf;
using RxChain.Engine;
using RxChain.Ledger;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.State;

namespace RxChain.Testing.Node;

internal sealed partial class InMemoryNode
{
    public StateRead<T> ReadState<T>(EntityKind kind, ReadOnlyMemory<byte> id) where T : class, IMessage<T>, new()
    {
        lock (_lock)
            return new StateRead<T>(_state.Find<T>(kind, id.Span), _leaves.Count, _executor.Head.LedgerTimeMs);
    }

    public ReadOnlyMemory<byte> ReadLeaf(long index)
    {
        lock (_lock)
            return _leaves[(int)index];
    }

    public (IReadOnlyList<long> Leaves, long KnownSize) FindLeaves(ReadOnlyMemory<byte> prescriptionId) => Lookup(prescriptionId);

    public bool TryReadNode(int level, long index, out Hash32 hash)
    {
        lock (_lock)
        {
            bool there = level < _nodes.Count && index < _nodes[level].Count;
            hash = there ? _nodes[level][(int)index] : default;
            return there;
        }
    }

    public TlogProof? CreateReceipt(long leafIndex) =>
        FinalCheckpoint is { } head && MerkleProver.TryProveInclusion(leafIndex, head.Checkpoint.Size, TryReadNode, out var path)
            ? new TlogProof(leafIndex, path, head)
            : null;

    public ProvenState? ProveState(EntityKind kind, ReadOnlyMemory<byte> id)
    {
        lock (_lock)
        {
            return FinalCheckpoint is { } head && _state.Prove(StateKey.Of(kind, id.Span), head.Checkpoint.Size) is { } proven
                ? new ProvenState(proven.Value, proven.Proof, head.Checkpoint.Size - 1, head)
                : null;
        }
    }

    public Task<long> WaitBeyondAsync(long size, Commitment commitment, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (SizeAt(commitment) > size)
                return Task.FromResult(SizeAt(commitment));
            var done = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((size, commitment, done));
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    private void Wake()
    {
        foreach (var (size, commitment, done) in _waiting.Where(w => SizeAt(w.Commitment) > w.Size).ToArray())
            done.TrySetResult(SizeAt(commitment));
        _waiting.RemoveAll(w => w.Done.Task.IsCompleted);
    }

    private long SizeAt(Commitment commitment) =>
        commitment == Commitment.Final ? FinalCheckpoint?.Checkpoint.Size ?? 0 : _leaves.Count;
}
