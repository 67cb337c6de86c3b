using RxChain.Ledger;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Prescriptions.Events;

namespace RxChain.Auditor.Replay;

/// <summary>A leaf and what its bytes say.</summary>
internal sealed record ParsedLeaf(ReadOnlyMemory<byte> Bytes, Hash32 Hash)
{
    /// <summary>Why the bytes break the grammar.</summary>
    public string? Fault { get; init; }

    /// <summary>Set for an event. Its signatures are taken as valid here; the statement inside it has been verified.</summary>
    public CheckedEvent? Event { get; init; }

    /// <summary>The outcome that the log gives to the event.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>Set for a seal.</summary>
    public SealLeaf? Seal { get; init; }

    /// <summary>The seal's batch header; null for one that closes a genesis or a recovery.</summary>
    public BatchHeader? Header { get; init; }

    /// <summary>Set for the record of a new epoch.</summary>
    public RecoveryLeaf? Recovery { get; init; }
}

/// <summary>A run of leaves, parsed.</summary>
internal sealed record ParsedRun(Sources.LeafRun Run, IReadOnlyList<ParsedLeaf> Leaves);
