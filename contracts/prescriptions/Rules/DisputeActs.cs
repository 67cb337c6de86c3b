using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Disputes: a party names one act. Until it ends, that supply is not settled and nothing is erased.</summary>
internal static class DisputeActs
{
    private const int MaxOpenOfOne = 8;

    public static Outcome Open(ActContext context)
    {
        OpenDispute open = context.Event.OpenDispute;
        Prescription prescription = context.Prescription;
        if (!IsActOf(prescription, open.EventId)) return Outcome.ActNotFound;
        Outcome outcome = CheckParty(context, open.Token);
        if (outcome != Outcome.Accepted) return outcome;
        int own = prescription.Disputes.Count(dispute => dispute.Organisation == context.Event.Organisation);
        if (own >= MaxOpenOfOne) return Outcome.LimitReached;
        prescription.Disputes.Add(new Dispute
        {
            DisputeId = ByteString.CopyFrom(context.EventId.Span),
            Organisation = context.Event.Organisation,
            ByPatient = open.Token is not null,
            EventId = open.EventId,
            UntilMs = context.NowMs + context.Policy.DisputePeriodMs,
        });
        return Outcome.Accepted;
    }

    public static Outcome Withdraw(ActContext context)
    {
        WithdrawDispute withdraw = context.Event.WithdrawDispute;
        if (Find(context, withdraw.DisputeId) is not { } dispute) return Outcome.DisputeNotFound;
        bool opener = dispute.ByPatient
            ? withdraw.Token is not null
            : withdraw.Token is null && Parties.IsActing(context, dispute.Organisation);
        if (!opener) return Outcome.NotOpener;
        if (withdraw.Token is not null)
        {
            Outcome outcome = TokenActs.Check(context, withdraw.Token);
            if (outcome != Outcome.Accepted) return outcome;
        }
        context.Prescription.Disputes.Remove(dispute);
        return Outcome.Accepted;
    }

    public static Outcome Extend(ActContext context)
    {
        if (Find(context, context.Event.ExtendDispute.DisputeId) is not { } dispute) return Outcome.DisputeNotFound;
        dispute.UntilMs = context.NowMs + context.Policy.DisputePeriodMs;
        return Outcome.Accepted;
    }

    public static Outcome Resolve(ActContext context)
    {
        if (Find(context, context.Event.ResolveDispute.DisputeId) is not { } dispute) return Outcome.DisputeNotFound;
        context.Prescription.Disputes.Remove(dispute);
        return Outcome.Accepted;
    }

    public static Outcome AddEvidence(ActContext context)
    {
        AddEvidence evidence = context.Event.AddEvidence;
        return Find(context, evidence.DisputeId) is null
            ? Outcome.DisputeNotFound
            : CheckParty(context, evidence.Token);
    }

    /// <summary>An emergency supply belongs to the prescription that covers it, once one does.</summary>
    private static bool IsActOf(Prescription prescription, ByteString eventId)
    {
        if (prescription.Supplies.Any(supply => supply.EventId == eventId)) return true;
        int moved = prescription.CoveredBy.IsEmpty ? 0 : 1;
        return prescription.Acts.Skip(moved).Any(act => act.EventId == eventId);
    }

    private static Dispute? Find(ActContext context, ByteString id) =>
        context.Prescription.Disputes.FirstOrDefault(dispute => dispute.DisputeId == id);

    private static Outcome CheckParty(ActContext context, TokenAuthority? token)
    {
        if (token is not null) return TokenActs.Check(context, token);
        return Parties.IsParty(context) ? Outcome.Accepted : Outcome.NotAParty;
    }
}
