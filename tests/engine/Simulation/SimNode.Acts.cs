using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
using RxChain.Ledger.StateMaps;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Simulation;

internal sealed partial class SimNode
{
    private const int TickMs = 100;

    private readonly Queue<EngineEffect> _effects = new();
    private readonly Queue<EngineInput> _inbox = new();
    private readonly HashSet<Hash32> _proposed = [];
    private readonly Queue<(long Size, CheckedBatch Batch, IReadOnlyList<EventPlace> Places)> _waiting = new();
    private readonly Queue<(long Size, CheckedBatch Batch, IReadOnlyList<EventPlace> Places)> _waitingFinal = new();
    private readonly List<EngineEffect> _made = [];
    private readonly Acts _acts;
    private CosignedHead? _saving;
    private bool _flushWanted;
    private FrozenBuckets? _frozen;
    private AppliedMark _mark;
    private ulong _position;
    private long _nextTickMs;

    private PutArrived? NextPut => (_world.Options.OtherFace >> Index & 1) != 0
        ? _world.Order.OtherFace(_position) : _world.Order.After(_position);

    /// <summary>Adds what this node could do next. Of the core's inputs one is handled at a time, effects included.</summary>
    public void AddActs(List<Action> acts, Random random)
    {
        if (_effects.Count > 0)
            acts.Add(_acts.CarryOut);
        else if (_inbox.Count > 0)
            acts.Add(_acts.TakeInput);
        if (_effects.Count == 0 && NextPut is not null)
            acts.Add(_acts.TakePut);
        if (_effects.Count == 0 && _frozen is null && Executor.State.DirtyCount >= _world.Options.MaxDirtyBuckets)
            acts.Add(_acts.Freeze);
        if (_frozen is not null && Log.DurableSize >= _mark.Size)
            acts.Add(_acts.Store);
        if (_flushWanted && (_world.Healing || random.NextDouble() >= _world.Options.FlushLag))
            acts.Add(_acts.Flush);
        if (_saving is not null)
            acts.Add(_acts.Save);
        if (_world.NowMs >= _nextTickMs)
            acts.Add(_acts.Tick);
        if (_changesKeys && _effects.Count == 0)
            acts.Add(_acts.Stop);
    }

    /// <summary>A message arrives.</summary>
    public void Receive(PeerMessage message)
    {
        if (IsUp)
            _inbox.Enqueue(new PeerMessageArrived(message));
    }

    /// <summary>This node put a batch and waits for it.</summary>
    public void Proposed(ReadOnlyMemory<byte> headerBytes) => _proposed.Add(Hash32.Sha256(headerBytes.Span));

    private void Step(EngineInput input)
    {
        _made.Clear();
        _core!.Step(input, _made);
        foreach (var effect in _made)
            _effects.Enqueue(effect);
        if (input is LogFlushed flushed)
            Acknowledge(flushed.Size);
    }

    private void CarryOut(EngineEffect effect)
    {
        switch (effect)
        {
            case AppendBlock append:
                _world.Watch.Applied(this, append.Block);
                Log.AppendBlock(append.Block.Leaves, append.Block.LeafHashes);
                _flushWanted = true;
                Answer(append.Put!, append.Block.Places, append.Block.SizeAfter);
                break;
            case PutSkipped { Places: { } places } skipped:
                Answer(skipped.Put, places, Executor.Head.Size);
                break;
            case SaveCosignedHead save:
                _saving = save.Head;
                break;
            case SendToPeers send:
                _world.Watch.Sent(this, send.Message);
                _world.Send(this, send.Message);
                break;
            case SendToPeer send:
                _world.SendTo(send.Peer, send.Message);
                break;
            case KeepCosignature keep:
                _signatures.Save([keep.Cosigned]);
                break;
            case KeepEvidence keep:
                _world.Watch.Accused(keep.Proof);
                _signatures.Add(keep.Proof);
                break;
            case HaltNode halted:
                if (_world.Options.OtherFace == 0)
                    throw new SimViolationException($"{Name} halts: {halted.Halt.Reason}");
                Halt = halted.Halt;
                if (halted.Halt.Kind == HaltKind.Diverged)
                    _signatures.Save(halted.Halt);
                break;
            case RaiseAlarm alarm:
                HasAlarmed |= alarm.Text.StartsWith("split view", StringComparison.Ordinal);
                HasNoQuorum |= alarm.Text.StartsWith("nothing becomes final", StringComparison.Ordinal);
                break;
            case KeepEraEnd end:
                _checkpoints.SaveEraEnd(end.Era, end.Checkpoint);
                _world.Watch.EraEnded(end.Era);
                _changesKeys = Name == SimChange.Rotating;
                break;
            case PublishFinal publish:
                _world.Watch.Published(this, publish.Checkpoint);
                FinalSize = publish.Checkpoint.Checkpoint.Size;
                AcknowledgeFinal();
                _checkpoints.Save(publish.Checkpoint);
                break;
        }
    }

    private void Answer(PutArrived put, IReadOnlyList<EventPlace> places, long size)
    {
        if (put.Batch is { } batch && _proposed.Remove(Hash32.Sha256(batch.Batch.HeaderBytes.Span)))
            _waiting.Enqueue((size, batch, places));
        Acknowledge(Log.DurableSize);
    }

    private void AcknowledgeFinal()
    {
        while (_waitingFinal.TryPeek(out var first) && first.Size <= FinalSize)
        {
            _waitingFinal.Dequeue();
            for (int i = 0; i < first.Places.Count; i++)
                _world.Watch.AcknowledgedFinal(first.Batch.Events[i], first.Places[i]);
        }
    }

    private void Acknowledge(long durableSize)
    {
        AcknowledgedSize = Math.Max(AcknowledgedSize, durableSize);
        while (_waiting.TryPeek(out var first) && first.Size <= durableSize)
        {
            _waitingFinal.Enqueue(_waiting.Dequeue());
            for (int i = 0; i < first.Places.Count; i++)
                _world.Watch.Acknowledged(this, first.Batch.Events[i], first.Places[i]);
        }
    }

    /// <summary>The actions as delegates, made once.</summary>
    private sealed class Acts(SimNode node)
    {
        public Action CarryOut { get; } = () => node.Do(() => node.CarryOut(node._effects.Dequeue()));

        public Action TakeInput { get; } = () => node.Do(() => node.Step(node._inbox.Dequeue()));

        public Action TakePut { get; } = () => node.Do(() =>
        {
            var put = node.NextPut!;
            node._position = put.Position;
            node.Step(put);
        });

        public Action Flush { get; } = () => node.Do(() =>
        {
            node._flushWanted = false;
            node._inbox.Enqueue(new LogFlushed(node.Log.Flush()));
        });

        public Action Save { get; } = () => node.Do(() =>
        {
            var head = node._saving!.Value;
            node._cosigned!.Save(head);
            node._saving = null;
            node._inbox.Enqueue(new CosignedHeadSaved(head));
        });

        public Action Stop { get; } = () => node.LosePower(Unflushed.Kept, new Random(0));

        public Action Freeze { get; } = () => node.Do(() =>
        {
            node._frozen = node.Executor.State.Freeze();
            node._mark = new AppliedMark(node.Executor.Head.Size, node.Executor.State.Root);
        });

        public Action Store { get; } = () => node.Do(() =>
        {
            node._states.Commit([.. node._frozen!.Encode().Select(b => new BucketWrite(b.Bucket, b.Bytes))], node._mark);
            node.Executor.State.Thaw();
            node._frozen = null;
        });

        public Action Tick { get; } = () => node.Do(() =>
        {
            node._nextTickMs = node._world.NowMs + TickMs;
            node._inbox.Enqueue(new Ticked(node._world.ClockOf(node)));
        });
    }
}
