using RxChain.Ledger.Batches;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>
/// Runs the contract over batches and makes blocks: the one place where a ledger's next bytes come from. Nodes run it to
/// build blocks and auditors to rebuild them. Deterministic; not thread-safe.
/// </summary>
public sealed partial class BlockExecutor(StateMap state, ChainHead head)
{
    private readonly BatchJudge _judge = new(state, head);

    /// <summary>What the rules read.</summary>
    public StateMap State => state;

    /// <summary>Where the log stands.</summary>
    public ChainHead Head => head;

    /// <summary>Told the leaf of each event once the state has what it changed; null on nodes.</summary>
    public Action<long>? Applied { get; set; }

    /// <summary>Begins a ledger: the genesis leaf and the seal of height 0.</summary>
    public ExecutedBlock Begin(GenesisLeaf genesis)
    {
        GenesisState.Write(state, genesis);
        byte[] leaf = genesis.ToArray();
        var block = new BlockBuilder(head.Tree);
        block.Add(leaf);
        return Close(block, genesis.CreatedMs, 0, 0, [], default, []);
    }

    /// <summary>
    /// Null when the batch does not count, with the reason in <paramref name="reason"/>; nothing has changed then.
    /// An empty reason means: nothing but duplicates.
    /// </summary>
    public ExecutedBlock? Execute(CheckedBatch batch, ulong position, out string reason)
    {
        reason = _judge.FirstFault(batch) ?? "";
        if (reason.Length > 0)
            return null;
        var events = batch.Events;
        var places = new EventPlace[events.Count];
        if (events.Count > 0 && AllDuplicates(events))
            return null;
        var (policy, contract) = Rules();
        var header = batch.Batch.Header;
        long time = LedgerTime.Advance(state, head.LedgerTimeMs, header);
        var block = new BlockBuilder(head.Tree);
        var skipped = new List<SkippedDuplicate>();
        for (int i = 0; i < events.Count; i++)
        {
            places[i] = FirstPlace(events[i]) ?? Apply(events[i], block, time, policy, contract);
            if (places[i].Duplicate)
                skipped.Add(new SkippedDuplicate(i, events[i].Signed.EnvelopeHash));
        }
        CloseBlock(contract, time, block.NextIndex + 1);
        return Close(block, time, header.Epoch, position, skipped, batch.Batch.HeaderBytes, places);
    }

    /// <summary>What a batch that did not count says against this log, for an operator; null when nothing.</summary>
    public string? Contradiction(CheckedBatch batch) => _judge.Contradiction(batch.Batch);

    /// <summary>
    /// Makes a logged block again from its own leaves: to replay a log, and to audit one. The caller compares the result with
    /// what was logged. Null, with the reason, when no honest node can have made a block out of this batch.
    /// </summary>
    /// <param name="logged">The seal as logged: it gives the batch header, the skipped duplicates and the place in the ordering.</param>
    /// <param name="events">The events of the block's leaves, in order.</param>
    /// <param name="reason">What does not fit; this executor cannot go on then.</param>
    /// <param name="headerVerified">True when the caller itself verifies the header's signature, before or after.</param>
    public ExecutedBlock? Rebuild(
        SealLeaf logged, IReadOnlyList<CheckedEvent> events, out string reason, bool headerVerified = false)
    {
        if (!BatchHeader.TryParse(logged.BatchHeader, out var header))
        {
            reason = "seal: its batch header does not follow the grammar";
            return null;
        }
        var batch = new CheckedBatch(Batch.Create(logged.BatchHeader, header, [.. events.Select(e => e.Signed)]), events);
        reason = SkippedDuplicates.FirstFault(logged, header, events)
            ?? _judge.FirstFault(batch, headerVerified) ?? "";
        if (reason.Length > 0)
            return null;
        var (policy, contract) = Rules();
        long time = LedgerTime.Advance(state, head.LedgerTimeMs, header);
        var block = new BlockBuilder(head.Tree);
        var places = new List<EventPlace>(events.Count);
        foreach (var e in events)
        {
            if (FirstPlace(e) is { } first)
            {
                reason = $"leaf {block.NextIndex}: a duplicate of leaf {first.LeafIndex} was logged again";
                return null;
            }
            places.Add(Apply(e, block, time, policy, contract));
        }
        CloseBlock(contract, time, block.NextIndex + 1);
        return Close(block, time, header.Epoch, logged.OrderingPosition, logged.Skipped, logged.BatchHeader, places);
    }

    /// <summary>
    /// Opens a new epoch. Null when the record may not stand here, with the reason in <paramref name="reason"/>; nothing has changed then.
    /// </summary>
    public ExecutedBlock? Recover(RecoveryLeaf record, out string reason)
    {
        reason = record.Network != Network().Origin ? $"recovery: of network {record.Network}"
            : record.Epoch != head.Epoch + 1 ? $"recovery: epoch {record.Epoch} does not follow {head.Epoch}"
            : record.BaseSize != head.Size || record.BaseRoot != head.Tree.Root ? $"recovery: its base is size {record.BaseSize}, root {record.BaseRoot}, not this place of the log"
            : record.Fault(ValidatorSet.Current(state)) ?? "";
        if (reason.Length > 0)
            return null;
        var block = new BlockBuilder(head.Tree);
        block.Add(record.ToArray());
        return Close(block, head.LedgerTimeMs, record.Epoch, record.StartPosition, [], default, []);
    }

    private NetworkRecord Network() => state.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network)!;

    private Policy Policy() => state.Find<Policy>(EntityKind.Policy, EntityIds.Policy)
        ?? throw new InvalidOperationException("The state has no policy: the ledger was not begun.");

    // Of the whole block: what passes in it is in force after it.
    private (Policy Policy, IContract Contract) Rules()
    {
        var policy = Policy();
        return (policy, Contracts.ForVersion(policy.ContractVersion) ?? throw new NotSupportedException(
            $"Contract version {policy.ContractVersion} is in force after height {head.Height}, but not known to this program: upgrade it."));
    }

    private ExecutedBlock Close(
        BlockBuilder block, long timeMs, ulong epoch, ulong position,
        IReadOnlyList<SkippedDuplicate> skipped, ReadOnlyMemory<byte> header, IReadOnlyList<EventPlace> places)
    {
        var seal = new SealLeaf
        {
            Height = head.Height + 1,
            FirstLeaf = block.FirstLeaf,
            EventCount = block.Leaves.Count,
            PreviousSealHash = head.SealHash,
            TreeRoot = head.Tree.Root,
            StateRoot = state.ComputeRoot(),
            Epoch = epoch,
            OrderingPosition = position,
            LedgerTimeMs = timeMs,
            Skipped = skipped,
            BatchHeader = header,
        };
        var sealHash = block.Add(seal.ToArray());
        head.Advance(seal, sealHash, (int)Policy().BaseWindowHeights);
        return new ExecutedBlock(block.Leaves, [.. block.LeafHashes], seal, places);
    }
}
