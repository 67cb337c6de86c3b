using RxChain.Engine.Ports;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;

namespace RxChain.Engine.Core;

/// <summary>
/// The engine: order -> apply -> seal -> report -> cosign, as one synchronous machine. No task, lock, clock or randomness
/// inside: what goes in is an <see cref="EngineInput"/>, what comes out are effects for a driver to carry out in order.
/// </summary>
public sealed class EngineCore
{
    // States remembered for proofs; when finality stands still longer than this, proofs wait for the next final head.
    private const int MaxRememberedStates = 512;

    private readonly BlockExecutor _executor;
    private readonly EventVerifier _verifier;
    private readonly KeyResolver _resolver;
    private readonly Finality _finality;

    /// <summary>An engine that goes on where <paramref name="executor"/>'s head stands, all of it durable.</summary>
    /// <param name="network">Origin of the network.</param>
    /// <param name="self">The validator that this node runs; null for an observer.</param>
    /// <param name="validators">All validators.</param>
    /// <param name="executor">The state and the head of the log.</param>
    /// <param name="keys">Imported keys, shared with whoever verifies ahead.</param>
    /// <param name="lastCosigned">The last head this validator cosigned.</param>
    /// <param name="finalSize">Size of the last final head that was published; 0 when none was.</param>
    public EngineCore(
        string network, ValidatorIdentity? self, ValidatorSet validators, BlockExecutor executor, KeyDirectory keys,
        CosignedHead lastCosigned, long finalSize)
    {
        _executor = executor;
        _verifier = new EventVerifier(keys);
        _resolver = new KeyResolver(executor.State, keys);
        _finality = new Finality(network, self, validators, lastCosigned, finalSize);
        RememberHead();
    }

    /// <summary>Size of the last final head.</summary>
    public long FinalSize => _finality.FinalSize;

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
            case LogFlushed flushed:
                _finality.Flushed(flushed.Size, effects);
                break;
            case CosignedHeadSaved saved:
                _finality.Saved(saved.Head, effects);
                break;
            case PeerMessageArrived peer:
                _finality.Receive(peer.Message, effects);
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

    private void Apply(PutArrived put, List<EngineEffect> effects)
    {
        if (put.Batch is null)
        {
            effects.Add(new PutSkipped(put, put.Fault, null));
            effects.Add(new RaiseAlarm($"ordering position {put.Position}: {put.Fault}"));
            return;
        }
        var batch = _resolver.Resolve(put.Batch, _verifier);
        var block = _executor.Execute(batch, put.Position, out string reason);
        if (block is not null)
        {
            effects.Add(new AppendBlock(put, block));
            RememberHead();
            return;
        }
        bool duplicates = reason.Length == 0;
        var places = duplicates ? batch.Events.Select(e => _executor.FirstPlace(e)!.Value).ToArray() : null;
        effects.Add(new PutSkipped(put, duplicates ? "nothing but duplicates" : reason, places));
        if (!duplicates && batch.Events.Count > 0)
            effects.Add(new RaiseAlarm($"ordering position {put.Position}, proposer {batch.Batch.Header.Proposer}: {reason}"));
    }

    private void RememberHead()
    {
        var head = new CosignedHead(_executor.Head.Size, _executor.Head.Tree.Root);
        _finality.Applied(head);
        _executor.State.Remember(head.Size, MaxRememberedStates);
    }
}
