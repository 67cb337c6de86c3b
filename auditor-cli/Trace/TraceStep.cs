using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Auditor.Trace;

/// <summary>One event of a prescription as the ledger has it.</summary>
/// <param name="Leaf">Its leaf.</param>
/// <param name="Height">Its block.</param>
/// <param name="LedgerTimeMs">Ledger time of the block.</param>
/// <param name="EventId">Its id, hexadecimal.</param>
/// <param name="Event">The event.</param>
/// <param name="Outcome">What the rules decided.</param>
/// <param name="Detail">What it says, in a line.</param>
/// <param name="Marks">What regulators are told about it.</param>
/// <param name="Status">Status of the prescription after it; UNSPECIFIED: there is none.</param>
/// <param name="UnitsLeft">Units left on each line after it.</param>
internal sealed record TraceStep(
    long Leaf, long Height, long LedgerTimeMs, string EventId, Event Event, Outcome Outcome, string Detail, Marks Marks,
    PrescriptionStatus Status, IReadOnlyList<uint> UnitsLeft);
