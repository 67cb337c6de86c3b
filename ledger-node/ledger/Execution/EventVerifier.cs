using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Execution;

/// <summary>What verification of one event's signatures found.</summary>
public enum SignatureVerdict
{
    /// <summary>A named key is not in the directory: ask the state.</summary>
    KeyUnknown,

    /// <summary>Every signature verifies.</summary>
    Valid,

    /// <summary>A signature does not verify or is not in its low-S form.</summary>
    Invalid,
}

/// <summary>A parsed event and what is known of its signatures.</summary>
/// <param name="Signed">The event.</param>
/// <param name="Verdict">Of the envelope's signatures, and of the proof of possession in a registration.</param>
/// <param name="StatementValid">Of the statement inside the event, a token's or a payer's; false when there is none.</param>
public sealed record CheckedEvent(SignedEvent Signed, SignatureVerdict Verdict, bool StatementValid);

/// <summary>Verifies signatures. Stateless but for the key directory; runs on any number of threads.</summary>
public sealed class EventVerifier(KeyDirectory keys)
{
    /// <summary>Verifies everything about an event that needs no state.</summary>
    public CheckedEvent Check(SignedEvent signed)
    {
        var verdict = CheckEnvelope(signed);
        return new CheckedEvent(signed, verdict, verdict != SignatureVerdict.Invalid && CheckStatement(signed.Event));
    }

    /// <summary>Verifies the envelope's signatures, and a registration's proof of possession.</summary>
    public SignatureVerdict CheckEnvelope(SignedEvent signed)
    {
        var keyIds = signed.Event.KeyIds;
        for (int i = 0; i < keyIds.Count; i++)
        {
            if (!keys.TryFind(new Hash32(keyIds[i].Span), out var key))
                return SignatureVerdict.KeyUnknown;
            if (!IsSignedBy(key, signed, i))
                return SignatureVerdict.Invalid;
        }
        return ProofOfPossessionHolds(signed.Event) ? SignatureVerdict.Valid : SignatureVerdict.Invalid;
    }

    /// <summary>Whether signature <paramref name="index"/> of the envelope is this key's, in its low-S form.</summary>
    public static bool IsSignedBy(P256PublicKey key, SignedEvent signed, int index) =>
        P256.IsLowS(signed.Signature(index)) && key.VerifyDigest(signed.EventId, signed.Signature(index));

    /// <summary>Verifies the statement inside an event under the key that it names; false when there is none.</summary>
    public static bool CheckStatement(Event act)
    {
        if (!Statements.TryRead(act, out var statement))
            return false;
        var signature = statement.Signature.Span;
        if (!P256.IsLowS(signature) || !P256PublicKey.TryImport(statement.PublicKey.Span, out var key, out _))
            return false;
        using (key)
        {
            return key.VerifyDigest(Dsse.Digest(statement.PayloadType, statement.Body), signature);
        }
    }

    /// <summary>Verifies the proof of possession that a registration carries; true for every other act.</summary>
    public static bool ProofOfPossessionHolds(Event act)
    {
        if (act.RegisterPractitioner is not { } registration)
            return true;
        if (!P256PublicKey.TryImport(registration.PublicKey.Span, out var key, out _))
            return false;
        using (key)
        {
            var digest = Dsse.Digest(ProofOfPossession.PayloadType, ProofOfPossession.Body(act.Network, registration));
            return key.VerifyDigest(digest, registration.ProofOfPossession.Span);
        }
    }
}
