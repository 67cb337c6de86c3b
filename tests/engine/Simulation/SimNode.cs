using RxChain.Engine.Core;
using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>
/// One member: what its disk holds, and while it is up a core with what its driver has yet to do. Each action is one step of
/// the simulation; the power may go at its beginning and at every call to the disk within it.
/// </summary>
internal sealed partial class SimNode : ISimMember
{
    public const string Root = "/node";
    private const string CosignedPath = Root + "/cosigned";

    private readonly SimWorld _world;
    private MemoryStates _states = MemoryStates.Create();
    private MemoryCheckpoints _checkpoints = new();
    private MemorySignatures _signatures = new();
    private MemoryDisk? _oldDisk;
    private bool _changesKeys;
    private MemoryDisk _disk = new();
    private BlockExecutor? _executor;
    private EngineCore? _core;
    private ILeafLog? _log;
    private ICosignedHeadStore? _cosigned;
    private (int Calls, long LogSize, CosignedHead Cosigned) _surviving = (-1, 0, default);

    public SimNode(SimWorld world, int index, string name)
    {
        (_world, Index, Name) = (world, index, name);
        Identity = SimNetwork.Identity(name, name);
        _disk.Trace = _ => world.Point();
        _acts = new Acts(this);
    }

    public int Index { get; }

    public string Name { get; }

    public bool IsUp => _core is not null;

    /// <summary>The order shows this member its other face.</summary>
    public bool SeesOtherFace => (_world.Options.OtherFace >> Index & 1) != 0 && !_world.Options.DenyOtherFace;

    public ValidatorIdentity Identity { get; private set; }

    public Halt? Halt { get; private set; }

    public bool IsDiverged => Halt?.Kind == HaltKind.Diverged;

    /// <summary>It told its operator that somebody has another log.</summary>
    public bool HasAlarmed { get; private set; }

    /// <summary>It told its operator that too many say nothing.</summary>
    public bool HasNoQuorum { get; private set; }

    /// <summary>It once got an old disk.</summary>
    public bool WasRestored { get; private set; }

    /// <summary>The last final checkpoint it knows.</summary>
    public SignedCheckpoint? Final => _core?.Final;

    public BlockExecutor Executor => _executor!;

    public ILeafLog Log => _log!;

    /// <summary>The largest size that this node ever called durable to anybody.</summary>
    public long AcknowledgedSize { get; private set; }

    public long FinalSize { get; private set; }

    /// <summary>Everything that was ordered is applied and durable; peers may still talk.</summary>
    public bool IsIdle => IsUp && NextPut is null && Log.Size == Log.DurableSize && Log.Size == Executor.Head.Size;

    public void Start() => Do(() =>
    {
        var store = CosignedHeadFile.Open(_disk, CosignedPath);
        _cosigned = _world.Options.WrapCosigned(store);
        _log = _world.Options.WrapLog(SegmentLeafLog.Open(_disk, Root, store.Read().Size, _world.Options.Log));
        Halt = _signatures.ReadHalt();
        _executor = new NodeRecovery(Parts(_log, _states)).Run();
        _world.Watch.Recovered(this);
        (Identity, _changesKeys) = (IdentityNow(_executor.State), false);
        var core = new EngineCore(FixedNetwork.Origin, Identity, _executor, SimEvents.Keys, new CoreMemory
        {
            Tree = _log.TryReadNode,
            Question = _world.NextQuestion(),
            EraEnds = _checkpoints.EraEnds,
            LastCosigned = _cosigned.Read(),
            Final = _checkpoints.Read(),
            Cosignatures = _signatures.ReadCosignatures(),
            Evidence = _signatures.ReadEvidence(),
            Halt = _signatures.ReadHalt(),
        });
        FinalSize = core.Final?.Checkpoint.Size ?? 0;
        _position = _executor.Head.OrderingPosition;
        _inbox.Enqueue(new Ticked(_world.ClockOf(this)));
        _inbox.Enqueue(new LogFlushed(_log.DurableSize));
        (_core, Halt) = (core, core.Halt);
    });

    // An operator puts new keys in place once the change is final here.
    private ValidatorIdentity IdentityNow(StateMap state)
    {
        if (Name != SimChange.Rotating)
            return Identity;
        var era = ValidatorSet.At(state, (_checkpoints.Read()?.Checkpoint.Size ?? 0) + 1);
        var changed = SimNetwork.Identity(Name, SimChange.NewKeys);
        return changed.NodeKey.PublicKey.Equals(era.NodeKey(Name)) ? changed : SimNetwork.Identity(Name, Name);
    }

    /// <summary>The disk as it was when <see cref="CopyDisk"/> was called comes back, and nothing else.</summary>
    public void RestoreOldDisk()
    {
        if (_oldDisk is null)
            return;
        LosePower(Unflushed.Kept, new Random(0));
        _disk = _oldDisk;
        _disk.Trace = _ => _world.Point();
        (_states, _checkpoints, _signatures, _oldDisk) = (MemoryStates.Create(), new(), new(), null);
        (AcknowledgedSize, FinalSize, WasRestored) = (0, 0, true);
    }

    /// <summary>Copies what is durable now.</summary>
    public void CopyDisk()
    {
        _oldDisk = _disk.AfterPowerLoss(Unflushed.Lost, new Random(0));
        _disk.Restart();
    }

    public void LosePower(Unflushed unflushed, Random random)
    {
        _disk = _disk.AfterPowerLoss(unflushed, random);
        _disk.Trace = _ => _world.Point();
        _surviving.Calls = -1;
        _states.LosePower(unflushed, random);
        _checkpoints.LosePower(unflushed, random);
        _signatures.LosePower(unflushed, random);
        if (unflushed == Unflushed.Random && random.Next(4) == 0)
            _states.Damage(random);
        (_core, _executor, _log, _cosigned, _saving, _frozen, _flushWanted) = (null, null, null, null, null, null, false);
        _effects.Clear();
        _inbox.Clear();
        _proposed.Clear();
        _waiting.Clear();
        _waitingFinal.Clear();
    }

    /// <summary>What a power loss at this moment would leave at least: leaves, and the cosigned head.</summary>
    public (long LogSize, CosignedHead Cosigned) Surviving()
    {
        if (_surviving.Calls != _disk.Calls)
        {
            var after = _disk.AfterPowerLoss(Unflushed.Lost, new Random(0));
            _disk.Restart();
            using var cosigned = CosignedHeadFile.Open(after, CosignedPath);
            using var log = SegmentLeafLog.Open(after, Root, 0, _world.Options.Log);
            _surviving = (_disk.Calls, log.Size, cosigned.Read());
        }
        return (_surviving.LogSize, _surviving.Cosigned);
    }

    /// <summary>State root that a start without a stored state comes to.</summary>
    public Hash32 ReplayedStateRoot() => new NodeRecovery(Parts(Log, MemoryStates.Create())).Run().State.Root;

    private NodeParts Parts(ILeafLog log, IStateStore states) => new()
    {
        Member = Name,
        Genesis = _world.Network.Genesis,
        Validator = Identity,
        Log = log,
        State = states,
        CosignedHead = _cosigned!,
        Checkpoint = _checkpoints,
        Signatures = _signatures,
        Ordering = NoPorts.Instance,
        Peers = NoPorts.Instance,
        FindLeaves = _ => ([], 0),
        MaxDirtyBuckets = _world.Options.MaxDirtyBuckets,
    };

    // The power may go at the beginning of an action, and at each call to the disk.
    private void Do(Action action)
    {
        try
        {
            _world.Point();
            action();
        }
        catch (PowerLossException)
        {
            _world.PowerFails(this);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(e => e is PowerLossException))
        {
            _world.PowerFails(this);
        }
        catch (CorruptLogException damage)
        {
            throw new SimViolationException($"{Name} believes its disk to be damaged: {damage.Message}", damage);
        }
    }
}
