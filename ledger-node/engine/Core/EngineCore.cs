using RxChain.Engine.Ports;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Engine.Core;

/// <summary>
/// The engine: order -> apply -> seal -> report -> cosign, as one synchronous machine. No task, lock, clock or randomness
/// inside: what goes in is an <see cref="EngineInput"/>, what comes out are effects for a driver to carry out in order.
/// </summary>
public sealed partial class EngineCore
{
    // States remembered for proofs: the last final one, and those after it. When finality stands still longer than this, proofs
    // for the oldest of the others wait for the next final head, and in the end those for the last final one too.
    private const int MaxRememberedStates = 512, MaxRememberedBuckets = 15_000;

    private readonly BlockExecutor _executor;
    private readonly EventVerifier _verifier;
    private readonly KeyResolver _resolver;
    private readonly Eras _eras;
    private readonly Finality _finality;

    /// <summary>An engine that goes on where <paramref name="executor"/>'s head stands, all of it durable.</summary>
    /// <param name="network">Origin of the network.</param>
    /// <param name="self">The validator that this node runs; null for an observer.</param>
    /// <param name="executor">The state and the head of the log.</param>
    /// <param name="keys">Imported keys, shared with whoever verifies ahead.</param>
    /// <param name="memory">What this node knows from former lives.</param>
    public EngineCore(string network, ValidatorIdentity? self, BlockExecutor executor, KeyDirectory keys, CoreMemory memory)
    {
        ArgumentNullException.ThrowIfNull(executor);
        _executor = executor;
        _verifier = new EventVerifier(keys);
        _resolver = new KeyResolver(executor.State, keys);
        _eras = new Eras(ValidatorSet.Current(executor.State), number => ValidatorSet.Read(executor.State, number));
        _finality = new Finality(network, self, _eras, memory);
        RememberPending(memory.Tree);
    }

    /// <summary>The last final checkpoint.</summary>
    public SignedCheckpoint? Final => _finality.Final;

    /// <summary>Why this node takes no more writes, or null.</summary>
    public Halt? Halt => _finality.Halt;

    /// <summary>The last head this node cosigned.</summary>
    public CosignedHead LastCosigned => _finality.LastCosigned;

    /// <summary>Finds public keys in the state; to be called under the driver's lock.</summary>
    public KeyResolver Keys => _resolver;

    /// <summary>Takes one input and adds what must be done to <paramref name="effects"/>.</summary>
    public void Step(EngineInput input, List<EngineEffect> effects)
    {
        switch (input)
        {
            case PutArrived put:
                Apply(put, effects);
                break;
            case BlockCopied block:
                Copy(block, effects);
                break;
            case LogFlushed flushed:
                _finality.Flushed(flushed.Size, effects);
                break;
            case CosignedHeadSaved saved:
                _finality.Saved(saved.Head, effects);
                break;
            case PeerMessageArrived peer:
                _finality.Receive(peer.Message, effects);
                break;
            case FinalShown shown:
                _finality.Show(shown.Checkpoint, effects);
                break;
            case OrderingLost lost:
                _finality.Stop(HaltKind.OrderingLost, lost.Reason, effects);
                break;
            case Ticked tick:
                _finality.Tick(tick.NowMs, effects);
                break;
        }
        foreach (var effect in effects)
        {
            if (effect is PublishFinal final)
                _executor.State.ForgetBelow(final.Checkpoint.Checkpoint.Size);
        }
    }

    private void RememberPending(Ledger.Merkle.MerkleNodeReader tree)
    {
        // Ends of eras that are not final yet must become so first.
        for (var era = _eras.At(_finality.FinalSize + 1); era != _eras.Last; era = _eras.At(_eras.EndOf(era) + 1))
        {
            if (_eras.EndOf(era) is var end && end < _executor.Head.Size && Ledger.Merkle.MerkleProver.TryRoot(end, tree, out var root))
                _finality.Applied(new CosignedHead(end, root), _executor.Head.Epoch);
        }
        RememberHead();
    }

    private void RememberHead()
    {
        var head = new CosignedHead(_executor.Head.Size, _executor.Head.Tree.Root);
        uint era = _executor.State.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network)!.Era;
        if (era != _eras.Last.Number)
            _eras.Begin(ValidatorSet.Current(_executor.State));
        _finality.Applied(head, _executor.Head.Epoch);
        _executor.State.Remember(head.Size, MaxRememberedStates, MaxRememberedBuckets);
    }
}
