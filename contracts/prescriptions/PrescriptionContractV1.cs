using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Rules;

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
        outcome = Judge(changes);
        return new Decision(outcome, outcome == Outcome.Accepted ? changes.Changes : []);
    }

    /// <summary>The checks in order of precedence; the first that refuses decides.</summary>
    private static Outcome Judge(ActContext context)
    {
        Outcome outcome = ActorChecks.Check(context);
        if (outcome == Outcome.Accepted) outcome = TimeChecks.Check(context);
        if (outcome == Outcome.Accepted) outcome = ChainChecks.Check(context);
        if (outcome == Outcome.Accepted) outcome = context.Rule.Handler(context);
        if (outcome == Outcome.Accepted) outcome = ChainChecks.Append(context);
        return outcome;
    }
}
