using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Node;

/// <summary>
/// Checks network, registration and signatures of a well-formed event before it is ordered. Thread-safe; the costly part, the
/// signatures, runs outside any lock.
/// </summary>
internal sealed class Admission(string network, EventVerifier verifier, Func<CheckedEvent, bool> importKeys)
{
    /// <summary>Null when the event is refused.</summary>
    public CheckedEvent? Check(SignedEvent signed, out SubmitResult refusal)
    {
        refusal = new SubmitResult(signed.EventId, Outcome.WrongNetwork, $"event: network: this is {network}", -1, false);
        if (signed.Event.Network != network)
            return null;
        var checkedEvent = verifier.Check(signed);
        if (checkedEvent.Verdict == SignatureVerdict.KeyUnknown && importKeys(checkedEvent))
            checkedEvent = verifier.Check(signed);
        switch (checkedEvent.Verdict)
        {
            case SignatureVerdict.Valid:
                return checkedEvent;
            case SignatureVerdict.KeyUnknown:
                refusal = refusal with { Outcome = Outcome.UnknownSigner, Detail = "event: key_ids: a key was never registered on this network" };
                return null;
            default:
                refusal = refusal with
                {
                    Outcome = Outcome.BadSignature,
                    Detail = "envelope: a signature does not verify under the key that the event names in its place, or its s is above n/2",
                };
                return null;
        }
    }
}
