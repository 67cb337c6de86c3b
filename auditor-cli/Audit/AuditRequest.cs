using RxChain.Auditor.Findings;
using RxChain.Auditor.Replay;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Audit;

/// <summary>What to check, and what to trust.</summary>
internal sealed record AuditRequest
{
    /// <summary>The checkpoint that the log must lead to; null: the one that the source publishes now.</summary>
    public SignedCheckpoint? Checkpoint { get; init; }

    /// <summary>Whose signatures count; null: nobody's, and the report says so.</summary>
    public TlogPolicy? Policy { get; init; }

    /// <summary>A checkpoint that the auditor trusts: the log must extend it.</summary>
    public Checkpoint? Trusted { get; init; }

    /// <summary>Check hashes and checkpoint only; replay nothing.</summary>
    public bool HashesOnly { get; init; }

    /// <summary>Do not verify the signatures of leaves below the trusted checkpoint's size again.</summary>
    public bool SinceTrusted { get; init; }

    /// <summary>Looks on; null for nobody.</summary>
    public IAuditObserver? Observer { get; init; }
}

/// <summary>Is told what passes by. A finding that it returns ends the run.</summary>
internal interface IAuditObserver
{
    /// <summary>What it says nothing about.</summary>
    IReadOnlyList<string> NotChecked => [];

    /// <summary>The checkpoint, before any leaf.</summary>
    Finding? OnCheckpoint(SignedCheckpoint checkpoint);

    /// <summary>A run of leaves whose hashes were checked, before it is replayed.</summary>
    Finding? OnRun(ParsedRun run);

    /// <summary>A hash tile, recomputed.</summary>
    Finding? OnTile(TileId tile, ReadOnlyMemory<byte> hashes);

    /// <summary>The state right after one event was replayed; whether its block is the one in the log is not known yet.</summary>
    void OnApplied(long leaf, StateMap state)
    {
    }

    /// <summary>A block that the rules made as the log has it; its signatures may still be under verification.</summary>
    void OnBlock(ReplayedBlock block);

    /// <summary>Everything verified; the state after the last block, or null when nothing was replayed.</summary>
    Finding? OnVerified(StateMap? state);
}
