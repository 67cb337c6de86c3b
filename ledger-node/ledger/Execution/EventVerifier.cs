using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Members;
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
/// <param name="Verdict">Of the envelope's signatures, and of the proofs of possession in a registration or a proposed member card.</param>
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

    /// <summary>Verifies the envelope's signatures, and the proofs of possession in a registration or a proposed member card.</summary>
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

    /// <summary>Verifies the proofs of possession in a registration, and on a proposed member card; true for every other act.</summary>
    public static bool ProofOfPossessionHolds(Event act)
    {
        if (act.Propose is { } propose)
            return CardIsProved(act.Network, propose);
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

    private static bool CardIsProved(string network, Propose propose) =>
        (propose.AddMember?.Card ?? propose.RotateKeys?.Card) is not { } card || MemberCard.TryParse(network, card.Memory, out _, out _);
}
