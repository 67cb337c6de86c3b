using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions;

/// <summary>Reads the state that the rules see. A value returned must not be changed: clone it.</summary>
public interface IStateReader
{
    /// <summary>The entry of this kind and id, or null when there is none.</summary>
    T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new();
}

/// <summary>A well-formed, correctly signed event, as handed to the rules.</summary>
/// <param name="Event">The parsed payload.</param>
/// <param name="EventId">SHA-256 of the DSSE encoding, 32 bytes.</param>
/// <param name="StatementValid">Whether the signature of the <see cref="Statement"/> inside the event, if it carries
/// one, verifies under the key that the same event carries. Whose key that is, the rules decide.</param>
public sealed record Act(Event Event, ReadOnlyMemory<byte> EventId, bool StatementValid);

/// <summary>Where and when an event is applied.</summary>
/// <param name="LedgerTimeMs">Ledger time of the block, milliseconds since the Unix epoch.</param>
/// <param name="LeafIndex">Index of the leaf that will hold the event.</param>
public readonly record struct ApplyContext(long LedgerTimeMs, ulong LeafIndex);

/// <summary>One entry to write, or to delete when <paramref name="Value"/> is null.</summary>
public sealed record StateChange(EntityKind Kind, byte[] Id, IMessage? Value);

/// <summary>What the contract decided. A refusal changes nothing.</summary>
public sealed record Decision(Outcome Outcome, IReadOnlyList<StateChange> Changes);

/// <summary>One version of the rules: deterministic, without clock, randomness or I/O.</summary>
public interface IContract
{
    /// <summary>Version as named by policy and genesis.</summary>
    uint Version { get; }

    /// <summary>Decides about one event.</summary>
    Decision Apply(IStateReader state, Act act, ApplyContext context);

    /// <summary>Does again what an event changed that these rules accepted before, at the same place and time: who did it, and
    /// when, is not asked again. For readers of the log that follow prescriptions without the whole state.</summary>
    /// <param name="state">Prescriptions, policy, and the organisations and keys that the event names; nothing else is needed.</param>
    /// <param name="act">An accepted event; its statement, if any, is valid.</param>
    /// <param name="context">As it was then.</param>
    Decision Redo(IStateReader state, Act act, ApplyContext context);

    /// <summary>What is done at the end of each block, after its events: proposals that passed come into force.</summary>
    /// <param name="state">The state after the last event.</param>
    /// <param name="context">Ledger time of the block, and the index of the first leaf after its seal.</param>
    /// <returns>Entries to write. A <see cref="ValidatorEra"/> among them is without its quorum.</returns>
    IReadOnlyList<StateChange> CloseBlock(IStateReader state, ApplyContext context);
}
