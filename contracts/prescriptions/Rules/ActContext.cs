using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Rules.Network;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>One event being decided: what it says, what the state is, and what it will change.</summary>
internal sealed class ActContext(IStateReader state, Act act, ApplyContext at, ActRule rule)
{
    private readonly List<StateChange> changes = [];

    public Event Event => act.Event;

    public ReadOnlyMemory<byte> EventId => act.EventId;

    /// <summary>Whether the statement inside the event, if any, verifies under the key that it names.</summary>
    public bool StatementValid => act.StatementValid;

    public long NowMs => at.LedgerTimeMs;

    public ulong LeafIndex => at.LeafIndex;

    public IStateReader State => state;

    public ActRule Rule => rule;

    public IReadOnlyList<StateChange> Changes => changes;

    /// <summary>What regulators are told about this act.</summary>
    public Marks Marks { get; set; }

    public Policy Policy => field ??= state.Policy();

    /// <summary>The prescription acted on: a clone that handlers change, with lapses carried out, so that
    /// its status is the effective one. Set by <see cref="ChainChecks"/>.</summary>
    public Prescription Prescription { get => field ?? throw NotOfThisChain(); set; }

    /// <summary>The practitioner acted on, in the same way.</summary>
    public Practitioner Practitioner { get => field ?? throw NotOfThisChain(); set; }

    public T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new() =>
        state.Find<T>(kind, id);

    public T? Find<T>(EntityKind kind, ByteString id) where T : class, IMessage<T>, new() =>
        state.Find<T>(kind, id.Span);

    /// <summary>The organisation named, if it is a member at this leaf.</summary>
    public Organisation? Member(string name) => Organisation(name) is { } found && found.IsMemberAt(LeafIndex) ? found : null;

    /// <summary>The organisation named, which may have left, or null.</summary>
    public Organisation? Organisation(string name) => state.Organisation(name);

    public void Put(EntityKind kind, ByteString id, IMessage value) =>
        Put(kind, id.ToByteArray(), value);

    public void Put(EntityKind kind, byte[] id, IMessage value) => changes.Add(new StateChange(kind, id, value));

    public void Delete(EntityKind kind, ByteString id) => changes.Add(new StateChange(kind, id.ToByteArray(), null));

    private InvalidOperationException NotOfThisChain() =>
        new($"{Event.ActCase} does not act on this kind of entity.");
}
