using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>Imports keys that the state knows and the directory does not, and verifies what waited for them.</summary>
public sealed class KeyResolver(StateMap state, KeyDirectory keys)
{
    /// <summary>Imports every key that the event names. False when one was never registered.</summary>
    public bool TryImport(CheckedEvent checkedEvent)
    {
        foreach (var keyId in checkedEvent.Signed.Event.KeyIds)
        {
            if (keys.TryFind(new Hash32(keyId.Span), out _))
                continue;
            if (state.Find<Key>(EntityKind.Key, keyId.Span) is not { } registered || keys.Add(registered.PublicKey.Span) is null)
                return false;
        }
        return true;
    }

    /// <summary>The batch with a verdict on every event whose keys the state knows.</summary>
    public CheckedBatch Resolve(CheckedBatch batch, EventVerifier verifier) =>
        batch with { Events = Resolve(batch.Events, verifier) };

    /// <summary>The events with a verdict on each whose keys the state knows.</summary>
    public IReadOnlyList<CheckedEvent> Resolve(IReadOnlyList<CheckedEvent> unresolved, EventVerifier verifier)
    {
        if (unresolved.All(e => e.Verdict != SignatureVerdict.KeyUnknown))
            return unresolved;
        var events = new List<CheckedEvent>(unresolved.Count);
        foreach (var e in unresolved)
            events.Add(e.Verdict == SignatureVerdict.KeyUnknown && TryImport(e) ? verifier.Check(e.Signed) : e);
        return events;
    }
}
