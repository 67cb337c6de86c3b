using System.Text;
using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>One event being decided: what it says, what the state is, and what it will change.</summary>
internal sealed class ActContext(IStateReader state, Act act, ApplyContext at, ActRule rule)
{
    private readonly List<StateChange> changes = [];

    public Event Event => act.Event;

    public ReadOnlyMemory<byte> EventId => act.EventId;

    public bool TokenSignatureValid => act.TokenSignatureValid;

    public long NowMs => at.LedgerTimeMs;

    public ulong LeafIndex => at.LeafIndex;

    public ActRule Rule => rule;

    public IReadOnlyList<StateChange> Changes => changes;

    public Policy Policy => field ??= Find<Policy>(EntityKind.Policy, "policy"u8)
        ?? throw new InvalidOperationException("The state has no policy: genesis writes one.");

    /// <summary>The prescription acted on: a clone that handlers change, with lapses carried out, so that
    /// its status is the effective one. Set by <see cref="ChainChecks"/>.</summary>
    public Prescription Prescription { get => field ?? throw NotOfThisChain(); set; }

    /// <summary>The practitioner acted on, in the same way.</summary>
    public Practitioner Practitioner { get => field ?? throw NotOfThisChain(); set; }

    public T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new() =>
        state.Find<T>(kind, id);

    public T? Find<T>(EntityKind kind, ByteString id) where T : class, IMessage<T>, new() =>
        state.Find<T>(kind, id.Span);

    public T? Find<T>(EntityKind kind, string name) where T : class, IMessage<T>, new() =>
        state.Find<T>(kind, Encoding.UTF8.GetBytes(name));

    public void Put(EntityKind kind, ByteString id, IMessage value) =>
        changes.Add(new StateChange(kind, id.ToByteArray(), value));

    private InvalidOperationException NotOfThisChain() =>
        new($"{Event.ActCase} does not act on this kind of entity.");
}
