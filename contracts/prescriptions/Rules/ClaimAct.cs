using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Authority = RxChain.Prescriptions.Events.Claim.AuthorityOneofCase;

namespace RxChain.Prescriptions.Rules;

/// <summary>Claim: a pharmacy takes the prescription for itself.</summary>
internal static class ClaimAct
{
    public static Outcome Apply(ActContext context)
    {
        // Authority first: only who is entitled learns that somebody else holds it.
        Outcome outcome = CheckAuthority(context);
        if (outcome == Outcome.Accepted && context.Event.Claim.ClaimNumber != context.Prescription.Claims + 1)
            outcome = Outcome.ClaimNumberWrong;
        if (outcome == Outcome.Accepted) outcome = CheckFree(context);
        if (outcome != Outcome.Accepted) return outcome;
        Prescription prescription = context.Prescription;
        prescription.Status = PrescriptionStatus.Claimed;
        prescription.Holder = context.Event.Organisation;
        prescription.ClaimFromMs = context.NowMs;
        prescription.ClaimUntilMs = context.NowMs + context.Policy.ClaimPeriodMs;
        prescription.Claims++;
        if (context.Event.Claim.AuthorityCase == Authority.Override) context.Marks |= Marks.ClaimOverride;
        return Outcome.Accepted;
    }

    private static Outcome CheckAuthority(ActContext context)
    {
        Claim claim = context.Event.Claim;
        return claim.AuthorityCase switch
        {
            Authority.Token => CheckToken(context, claim.Token),
            Authority.Presence => CheckPresence(context, claim.Presence),
            Authority.Override =>
                context.Policy.ClaimOverrideAllowed ? Outcome.Accepted : Outcome.OverrideNotAllowed,
            _ => Parties.IsActing(context, context.Prescription.Nominee) ? Outcome.Accepted : Outcome.NotNominee,
        };
    }

    private static Outcome CheckToken(ActContext context, TokenAuthority token)
    {
        Outcome outcome = TokenActs.Check(context, token);
        string bound = context.Prescription.BoundPharmacy;
        bool elsewhere = bound.Length > 0 && !Parties.IsActing(context, bound);
        return outcome == Outcome.Accepted && elsewhere ? Outcome.TokenBoundElsewhere : outcome;
    }

    private static Outcome CheckPresence(ActContext context, PresenceAuthority presence)
    {
        var keyId = KeyId.Of(KeyId.EcdsaP256, presence.PayerKey.Span);
        var key = context.Find<Key>(EntityKind.Key, (ReadOnlySpan<byte>)keyId);
        bool insurers = key is not null && key.PractitionerId.IsEmpty && key.Organisation == presence.Payer
            && ActorChecks.IsValid(key, context.LeafIndex) && Parties.IsInsurer(context, presence.Payer);
        if (!context.StatementValid || !insurers) return Outcome.PresenceInvalid;
        long ageMs = context.NowMs - presence.AttestedMs;
        long periodMs = context.Policy.PresencePeriodMs;
        return periodMs > 0 && ageMs < periodMs && ageMs >= -TimeChecks.MaxAheadMs
            ? Outcome.Accepted
            : Outcome.PresenceTooOld;
    }

    private static Outcome CheckFree(ActContext context)
    {
        Prescription prescription = context.Prescription;
        Outcome finished = Claims.CheckUnfinished(prescription);
        if (finished != Outcome.Accepted) return finished;
        if (Claims.IsHolder(context)) return Outcome.WrongState;
        if (prescription.Hold is not null) return Outcome.Held;
        if (prescription.Status == PrescriptionStatus.Claimed) return Outcome.ClaimedByAnother;
        if (context.NowMs < prescription.NotBeforeMs) return Outcome.NotYetValid;
        if (prescription.Status == PrescriptionStatus.Issued) return Outcome.ReviewMissing;
        return IsPredecessorFinished(context) ? Outcome.Accepted : Outcome.PredecessorUnfinished;
    }

    private static bool IsPredecessorFinished(ActContext context)
    {
        ByteString predecessorId = context.Prescription.AfterId;
        if (predecessorId.IsEmpty) return true;
        var predecessor = context.Find<Prescription>(EntityKind.Prescription, predecessorId);
        return predecessor is not null
            && EffectiveState.At(predecessor, context.NowMs)
                is PrescriptionStatus.Completed
                or PrescriptionStatus.Cancelled
                or PrescriptionStatus.Rejected
                or PrescriptionStatus.Expired;
    }
}
