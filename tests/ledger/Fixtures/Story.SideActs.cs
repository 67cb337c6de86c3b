using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Fixtures;

internal sealed partial class Story
{
    public SignedEvent Settle(string prescription, SignedEvent supply) =>
        Sign(Beside(prescription, FixedNetwork.Insurer, Role.Insurer), e => e.Settle = new Settle
        {
            DispenseId = IdOf(supply),
            AmountCommitment = Hash("amount"),
        });

    public SignedEvent AdjustSettlement(string prescription, SignedEvent supply) =>
        Sign(Beside(prescription, FixedNetwork.Insurer, Role.Insurer), e => e.AdjustSettlement = new AdjustSettlement
        {
            DispenseId = IdOf(supply),
            AmountCommitment = Hash("other amount"),
            ReasonCode = 12,
        });

    public SignedEvent Hold(string prescription) =>
        Sign(Beside(prescription, FixedNetwork.Regulator, Role.Regulator), e =>
            e.Hold = new Hold { ReasonCode = 13, UntilMs = NowMs + 86_400_000 });

    public SignedEvent LiftHold(string prescription) =>
        Sign(Beside(prescription, FixedNetwork.Regulator, Role.Regulator), e => e.LiftHold = new LiftHold { ReasonCode = 14 });

    /// <summary>The hospital disputes an act.</summary>
    public SignedEvent OpenDispute(string prescription, SignedEvent act) =>
        Sign(Beside(prescription, FixedNetwork.Hospital, Role.Hospital), e => e.OpenDispute = Dispute(act));

    /// <summary>The patient disputes an act, through pharmacy B.</summary>
    public SignedEvent PatientDispute(string prescription, SignedEvent act) => ByPatient(prescription, e =>
    {
        e.OpenDispute = Dispute(act);
        return e.OpenDispute.Token = new TokenAuthority();
    });

    public SignedEvent PatientWithdraws(string prescription, SignedEvent dispute) => ByPatient(prescription, e =>
    {
        e.WithdrawDispute = new WithdrawDispute { DisputeId = IdOf(dispute) };
        return e.WithdrawDispute.Token = new TokenAuthority();
    });

    public SignedEvent PatientAddsEvidence(string prescription, SignedEvent dispute) => ByPatient(prescription, e =>
    {
        e.AddEvidence = new AddEvidence { DisputeId = IdOf(dispute), EvidenceCommitment = Hash("evidence") };
        return e.AddEvidence.Token = new TokenAuthority();
    });

    public SignedEvent ExtendDispute(string prescription, SignedEvent dispute) =>
        Sign(Beside(prescription, FixedNetwork.Regulator, Role.Regulator), e =>
            e.ExtendDispute = new ExtendDispute { DisputeId = IdOf(dispute), ReasonCode = 15 });

    public SignedEvent ResolveDispute(string prescription, SignedEvent dispute) =>
        Sign(Beside(prescription, FixedNetwork.Regulator, Role.Regulator), e => e.ResolveDispute = new ResolveDispute
        {
            DisputeId = IdOf(dispute),
            ResolutionCode = 16,
            StatementCommitment = Hash("decision"),
        });

    public SignedEvent RecordAccess(string prescription) =>
        Sign(Beside(prescription, FixedNetwork.Insurer, Role.Insurer), e => e.RecordAccess = new RecordAccess { PurposeCode = 17 });

    public SignedEvent PatientConsents(string prescription, string grantee) => ByPatient(prescription, e =>
    {
        e.GiveConsent = new GiveConsent { Grantee = grantee, PurposeCode = 17, UntilMs = NowMs + 86_400_000 };
        return e.GiveConsent.Token = new TokenAuthority();
    });

    public SignedEvent PatientWithdrawsConsent(string prescription, string grantee) => ByPatient(prescription, e =>
    {
        e.WithdrawConsent = new WithdrawConsent { Grantee = grantee, PurposeCode = 17 };
        return e.WithdrawConsent.Token = new TokenAuthority();
    });

    /// <summary>A regulator orders the content to be erased.</summary>
    public SignedEvent Erase(string prescription) =>
        Sign(Beside(prescription, FixedNetwork.Regulator, Role.Regulator), e =>
            e.Erase = new Erase { ReasonCode = 18, OrderCommitment = Hash("order") });

    private static OpenDispute Dispute(SignedEvent act) =>
        new() { EventId = IdOf(act), ReasonCode = 19, StatementCommitment = Hash("statement") };

    private SignedEvent ByPatient(string prescription, Func<Event, TokenAuthority> act) =>
        Sign(Beside(prescription, FixedNetwork.PharmacyB, Role.Pharmacy), e => SignBy(prescription, act(e), e));

    /// <summary>The header of a side act, which cites the last act that was made about the prescription.</summary>
    private Event Beside(string prescription, string organisation, Role role)
    {
        var e = About(prescription, organisation, role);
        (e.Sequence, e.PreviousEventId) = ((uint)Chain(e.PrescriptionId).Count, Chain(e.PrescriptionId).Peek());
        return e;
    }
}
