using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Rules;
using RxChain.Prescriptions.Rules.Network;

namespace RxChain.Prescriptions;

/// <summary>Version 1 of the rules.</summary>
/// <remarks>Expects events that <see cref="EventParser"/> read and <see cref="Signers"/> accepted, with
/// registered keys. An outcome below 100 means that the caller let one through that fails these.</remarks>
public sealed class PrescriptionContractV1 : IContract
{
    /// <inheritdoc/>
    public uint Version => 1;

    /// <inheritdoc/>
    public Decision Apply(IStateReader state, Act act, ApplyContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(act);
        Outcome outcome = Signers.Check(act.Event);
        if (outcome != Outcome.Accepted) return new Decision(outcome, []);
        var changes = new ActContext(state, act, context, ActRules.Find(act.Event)!);
        return Decide(changes, Judge(changes));
    }

    /// <inheritdoc/>
    public Decision Redo(IStateReader state, Act act, ApplyContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(act);
        var changes = new ActContext(state, act, context, ActRules.Find(act.Event)!);
        return Decide(changes, Carry(changes));
    }

    /// <inheritdoc/>
    public IReadOnlyList<StateChange> CloseBlock(IStateReader state, ApplyContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        return BlockClose.Run(state, context);
    }

    private static Decision Decide(ActContext changes, Outcome outcome) =>
        new(outcome, outcome == Outcome.Accepted ? changes.Changes : []);

    /// <summary>The checks in order of precedence; the first that refuses decides.</summary>
    private static Outcome Judge(ActContext context)
    {
        Outcome outcome = ActorChecks.Check(context);
        if (outcome == Outcome.Accepted) outcome = TimeChecks.Check(context);
        return outcome == Outcome.Accepted ? Carry(context) : outcome;
    }

    /// <summary>The checks that look at what is acted on, and the effects.</summary>
    private static Outcome Carry(ActContext context)
    {
        Outcome outcome = ChainChecks.Check(context);
        if (outcome == Outcome.Accepted) outcome = context.Rule.Handler(context);
        if (outcome == Outcome.Accepted) outcome = ChainChecks.Append(context);
        return outcome;
    }
}
