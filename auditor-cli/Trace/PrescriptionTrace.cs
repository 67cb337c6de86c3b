using Google.Protobuf;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Replay;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Auditor.Trace;

/// <summary>One event of a prescription as the ledger has it.</summary>
/// <param name="Leaf">Its leaf.</param>
/// <param name="Height">Its block.</param>
/// <param name="LedgerTimeMs">Ledger time of the block.</param>
/// <param name="Event">The event.</param>
/// <param name="Outcome">What the rules decided.</param>
/// <param name="UnitsLeft">Units left on each line after it.</param>
internal sealed record TraceStep(
    long Leaf, long Height, long LedgerTimeMs, Event Event, Outcome Outcome, IReadOnlyList<uint> UnitsLeft);

/// <summary>
/// Collects all leaves of one prescription during a full replay. The state keeps a chain over those leaves and their
/// count: when both agree with what was collected, nothing is missing.
/// </summary>
internal sealed class PrescriptionTrace(ByteString prescriptionId) : IAuditObserver
{
    private readonly List<TraceStep> _steps = [];
    private uint[] _unitsLeft = [];
    private readonly List<Hash32> _leafHashes = [];
    private long _nowMs;

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

    public Finding? OnCheckpoint(SignedCheckpoint checkpoint) => null;

    public Finding? OnRun(ParsedRun run) => null;

    public Finding? OnTile(TileId tile, ReadOnlyMemory<byte> hashes) => null;

    public void OnBlock(ReplayedBlock block)
    {
        _nowMs = block.Seal.LedgerTimeMs;
        for (int i = 0; i < block.Events.Count; i++)
        {
            var leaf = block.Events[i];
            if (ActKinds.Prescriptions(leaf.Event!.Signed.Event).Contains(prescriptionId))
                Add(leaf, block.Seal.FirstLeaf + i, block.Seal);
        }
    }

    public Finding? OnVerified(StateMap? state)
    {
        Final = state?.Find<Prescription>(EntityKind.Prescription, prescriptionId.Span);
        if (Final is null)
            return null;
        bool complete = CountsAllLeaves(Final)
            && Final.Lines.Select(line => line.Remaining).SequenceEqual(_unitsLeft);
        return complete ? null : Finding.Tampered(
            "completeness", $"the state counts {Final.LeafCount} leaves of the prescription, {_steps.Count} were found, and chain or units differ");
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

    private void Add(ParsedLeaf leaf, long index, Ledger.Leaves.SealLeaf seal)
    {
        var act = leaf.Event!.Signed.Event;
        _leafHashes.Add(leaf.Hash);
        if (leaf.Outcome == Outcome.Accepted && act.PrescriptionId == prescriptionId && act.Issue is { } issue)
            _unitsLeft = [.. issue.Lines.Select(line => line.Units)];
        if (leaf.Outcome == Outcome.Accepted && act.Dispense is { } dispense)
        {
            foreach (var item in dispense.Items)
                _unitsLeft[item.Line] -= item.FulfilsUnits;
        }
        _steps.Add(new TraceStep(index, seal.Height, seal.LedgerTimeMs, act, leaf.Outcome, [.. _unitsLeft]));
    }
}
