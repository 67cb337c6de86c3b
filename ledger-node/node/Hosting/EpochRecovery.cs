using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Merkle;
using RxChain.Node.Configuration;
using RxChain.Storage;

namespace RxChain.Node.Hosting;

/// <summary>
/// One stopped member's part in opening a new epoch: states what it cosigned, signs one record, and puts the record on its
/// log. Has the data directory locked.
/// </summary>
internal sealed class EpochRecovery : IDisposable
{
    private readonly Stack<IDisposable> _open = new();
    private readonly string _member;
    private readonly MemberKeys _keys;

    /// <summary>Locks a data directory and brings its state to the end of its log.</summary>
    public EpochRecovery(string data)
    {
        try
        {
            var config = NodeConfig.ReadForCommands(data);
            var genesis = GenesisFile.Read(config.PathOf(config.Genesis));
            (_member, Network) = (config.Member, genesis.Origin);
            Directory = Keep(DataDirectory.Open(data));
            _keys = Keep(MemberKeys.Load(Directory));
            var cosigned = Keep(CosignedHeadFile.Open(Directory));
            Cosigned = cosigned.Read();
            Log = Keep(SegmentLeafLog.Open(Directory, 0));
            Executor = LedgerNode.Replay(new NodeParts
            {
                Member = _member,
                Genesis = genesis,
                Validator = null,
                Log = Log,
                State = Keep(SqliteStateStore.Open(Directory)),
                CosignedHead = cosigned,
                Checkpoint = new CheckpointFile(Directory),
                Signatures = Keep(SqliteSignatures.Open(Path.Combine(Directory.Root, "signatures.db"))),
                Ordering = LocalOrder.ForOneMember(0),
                Peers = new LocalPeers().Join(_member),
                FindLeaves = _ => ([], 0),
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Origin of the network.</summary>
    public string Network { get; }

    /// <summary>The epoch that is to begin.</summary>
    public ulong NextEpoch => Executor.Head.Epoch + 1;

    private DataDirectory Directory { get; }

    private SegmentLeafLog Log { get; }

    private BlockExecutor Executor { get; }

    private CosignedHead Cosigned { get; }

    /// <summary>Promises to cosign nothing before the next epoch, and states the last head that was cosigned.</summary>
    public RecoveryStatement State()
    {
        RequireValidator(Executor.Head.Size);
        var promise = Promise();
        promise.Save(Directory.Root);
        return RecoveryStatement.Sign(Network, NextEpoch, _member, Cosigned.Size, Cosigned.Root, _keys.Node);
    }

    /// <summary>Joins statements to the record that is to be signed.</summary>
    /// <param name="statements">Of a quorum.</param>
    /// <param name="startPosition">Puts of the new order count after this position.</param>
    /// <exception cref="InvalidDataException">They do not make a record; the message says why.</exception>
    public RecoveryLeaf Draft(IEnumerable<RecoveryStatement> statements, ulong startPosition)
    {
        RecoveryStatement[] ascending = [.. statements.OrderBy(s => s.Validator, StringComparer.Ordinal)];
        var largest = ascending.MaxBy(s => s.Size) ?? throw new InvalidDataException("No statement is given.");
        var draft = new RecoveryLeaf
        {
            Network = Network,
            Epoch = NextEpoch,
            StartPosition = startPosition,
            BaseSize = largest.Size,
            BaseRoot = largest.Root,
            Statements = ascending,
            Signatures = [],
        };
        Check(draft);
        return draft;
    }

    /// <summary>Signs a draft; the promise to sign no other for this epoch is durable before.</summary>
    /// <exception cref="InvalidDataException">The draft does not fit this log, or another was signed before.</exception>
    public RecoveryLeaf Sign(RecoveryLeaf draft)
    {
        Check(draft);
        RequireValidator(draft.BaseSize);
        if (Promise().Record is { } other && other != draft.SignedHash)
            throw new InvalidDataException($"This node has signed another record for epoch {NextEpoch}, {other}: it signs no second one. Use that, or a quorum without this node.");
        new RecoveryPromise(NextEpoch, draft.SignedHash).Save(Directory.Root);
        return draft.SignedBy(_member, _keys.Node);
    }

    /// <summary>Checks a record before anything is changed: who signed it, and that this log and this node's own cosignatures allow it.</summary>
    /// <exception cref="InvalidDataException">It cannot be put on this log; the message says why and what to do.</exception>
    public void CheckRecord(RecoveryLeaf record)
    {
        Check(record);
        if (record.Fault(Validators(record.BaseSize)) is { } fault)
            throw new InvalidDataException(fault);
        if (Log.Size < record.BaseSize)
            throw new InvalidDataException($"This log has {Log.Size} leaves, fewer than the {record.BaseSize} at which the epoch begins. Start the node with its peers configured: it copies the new epoch from them once that has a final head.");
        if (new CheckpointFile(Directory).Read() is { } final && final.Checkpoint.Size > record.BaseSize)
            throw new InvalidDataException($"This node has a final head of size {final.Checkpoint.Size}, which the record would drop: more than a third of the validators have lied. Keep the data directory and the record as evidence.");
        if (Cosigned.Size > record.BaseSize && _keys.Cosigner is not null)
            throw new InvalidDataException($"This node has cosigned size {Cosigned.Size}, which the record drops. Its cosigner key must never sign again: move {MemberKeys.CosignerPath(Directory)} away, repeat this, and have a new key voted for.");
    }

    /// <summary>Puts the record on the log, which ends at its base. Returns the new size.</summary>
    public long Append(RecoveryLeaf record)
    {
        var block = Executor.Recover(record, out string reason) ?? throw new InvalidDataException(reason);
        Log.AppendBlock(block.Leaves, block.LeafHashes);
        return Log.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_open.TryPop(out var part))
            part.Dispose();
    }

    // What was promised for the epoch that is to begin; older promises are kept ones.
    private RecoveryPromise Promise() =>
        RecoveryPromise.Read(Directory.Root) is { } promise && promise.Epoch == NextEpoch ? promise : new RecoveryPromise(NextEpoch, null);

    private ValidatorSet Validators(long baseSize) => ValidatorSet.At(Executor.State, baseSize + 1);

    private void Check(RecoveryLeaf draft)
    {
        if (draft.Network != Network || draft.Epoch != NextEpoch)
            throw new InvalidDataException($"The record is for epoch {draft.Epoch} of {draft.Network}; this log is of {Network}, and its next epoch is {NextEpoch}.");
        if (draft.DraftFault(Validators(draft.BaseSize)) is { } fault)
            throw new InvalidDataException(fault);
        foreach (var statement in draft.Statements)
        {
            if (statement.Size > 0 && statement.Size <= Log.Size
                && (!MerkleProver.TryRoot(statement.Size, Log.TryReadNode, out var root) || root != statement.Root))
                throw new InvalidDataException($"{statement.Validator} has cosigned size {statement.Size} with root {statement.Root}; this log has {root} there. One of the two has lied or is damaged: run rxaudit compare, and leave it out.");
        }
    }

    private void RequireValidator(long baseSize)
    {
        if (Validators(baseSize).NodeKey(_member)?.Equals(_keys.Node.PublicKey) != true)
            throw new InvalidDataException($"{_member} is not a validator with this node key: its word does not count in a recovery.");
    }

    private T Keep<T>(T part) where T : IDisposable
    {
        _open.Push(part);
        return part;
    }
}
