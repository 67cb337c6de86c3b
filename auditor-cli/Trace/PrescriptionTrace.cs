using Google.Protobuf;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Replay;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Auditor.Trace;

/// <summary>
/// Collects all leaves of one prescription during a full replay, those of an Issue that replaces or covers it too. The
/// state keeps a chain over those leaves and their count: when both agree with what was collected, nothing is missing.
/// What an event made of the prescription is taken from the replayed state right after it.
/// </summary>
internal sealed class PrescriptionTrace : IAuditObserver
{
    private readonly ByteString _id;
    private readonly List<TraceStep> _steps = [];
    private readonly Dictionary<ByteString, long> _leaves = [];
    private readonly Dictionary<long, Prescription> _after = [];
    private readonly ActDetail _detail;
    private Prescription? _last;
    private readonly List<Hash32> _leafHashes = [];
    private long _nowMs;

    public PrescriptionTrace(ByteString prescriptionId)
    {
        _id = prescriptionId;
        _detail = new ActDetail(NameOf);
    }

    /// <summary>The events, refused ones too, in the order of the log.</summary>
    public IReadOnlyList<TraceStep> Steps => _steps;

    /// <summary>The prescription at the end; null when no event names it.</summary>
    public Prescription? Final { get; private set; }

    /// <summary>
    /// Whether the state's chain and count prove that no event is missing. False only for an id whose refused events met a
    /// full bucket of the state map, which keeps nothing about it.
    /// </summary>
    public bool IsComplete => Final is not null || _steps.Count == 0;

    /// <summary>Its status at the last ledger time, lapses counted.</summary>
    public PrescriptionStatus Status => Final is null ? PrescriptionStatus.Unspecified : EffectiveState.At(Final, _nowMs);

    /// <summary>Ledger time of the last block.</summary>
    public long NowMs => _nowMs;

    /// <summary>An act by its leaf, when it is one of these; else the beginning of its event id.</summary>
    public string NameOf(ByteString eventId) => _leaves.TryGetValue(eventId, out long leaf)
        ? $"at leaf {leaf}"
        : Convert.ToHexStringLower(eventId.Span[..4]);

    public Finding? OnCheckpoint(SignedCheckpoint checkpoint) => null;

    public Finding? OnRun(ParsedRun run) => null;

    public Finding? OnTile(TileId tile, ReadOnlyMemory<byte> hashes) => null;

    // Every leaf that names it changes it: refused ones its leaf chain.
    public void OnApplied(long leaf, StateMap state)
    {
        var now = state.Find<Prescription>(EntityKind.Prescription, _id.Span);
        if (now is not null && !ReferenceEquals(now, _last))
            _after[leaf] = _last = now;
    }

    public void OnBlock(ReplayedBlock block)
    {
        _nowMs = block.Seal.LedgerTimeMs;
        for (int i = 0; i < block.Events.Count; i++)
        {
            var leaf = block.Events[i];
            if (ActKinds.Prescriptions(leaf.Event!.Signed.Event).Contains(_id))
                Add(leaf, block.Seal.FirstLeaf + i, block.Seal);
        }
        _after.Clear();
    }

    public Finding? OnVerified(StateMap? state)
    {
        Final = state?.Find<Prescription>(EntityKind.Prescription, _id.Span);
        if (Final is null)
            return null;
        bool complete = CountsAllLeaves(Final);
        return complete ? null : Finding.Tampered(
            "completeness", $"the state counts {Final.LeafCount} leaves of the prescription, {_steps.Count} were found, and count or chain differ");
    }

    // The chain begins with the entry: it lacks refused events that came before while the bucket was full.
    private bool CountsAllLeaves(Prescription final)
    {
        int before = _steps.Count - (int)final.LeafCount;
        if (before < 0 || _steps.Take(before).Any(step => step.Outcome == Outcome.Accepted))
            return false;
        var chain = _leafHashes.Skip(before).Aggregate(default(Hash32), (c, leaf) => PrescriptionHistory.Next(c, leaf));
        return final.LeafChain.Span.SequenceEqual(chain.Span);
    }

    private void Add(ParsedLeaf leaf, long index, SealLeaf seal)
    {
        var signed = leaf.Event!.Signed;
        _leafHashes.Add(leaf.Hash);
        _leaves.TryAdd(ByteString.CopyFrom(signed.EventId.Span), index);
        var after = _after.GetValueOrDefault(index);
        _steps.Add(new TraceStep(
            index, seal.Height, seal.LedgerTimeMs, signed.EventId.ToString(), signed.Event, leaf.Outcome, _detail.Of(signed.Event),
            MarksOf(signed.Event, leaf.Outcome, after),
            after is null ? PrescriptionStatus.Unspecified : EffectiveState.At(after, seal.LedgerTimeMs),
            [.. after?.Lines.Select(line => line.Remaining) ?? []]));
    }

    private Marks MarksOf(Event act, Outcome outcome, Prescription? after) =>
        outcome == Outcome.Accepted && act.PrescriptionId == _id && !ActKinds.IsSide(act) && after is not null
            ? (Marks)after.Acts[(int)act.Sequence - 1].Marks
            : Marks.None;
}
