using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>Side acts.</content>
internal sealed partial class ActBuilder
{
    private static readonly (string Name, Role Role)[] Parties =
    [
        ("regulator", Role.Regulator), ("hospital", Role.Hospital), ("pharmacy-a", Role.Pharmacy), (World.Insurer, Role.Insurer),
    ];

    private Event SideActOf(StepKind kind, Step step)
    {
        if (kind is StepKind.Settle or StepKind.Adjust) return SettlementOf(kind, step);
        if (kind is >= StepKind.OpenDispute and <= StepKind.Evidence) return DisputeActOf(kind, step);
        if (kind >= StepKind.Access) return ContentActOf(kind, step);
        Event e = world.SideBy("regulator", Role.Regulator);
        if (kind == StepKind.Lift) e.LiftHold = new LiftHold { ReasonCode = Reason };
        else e.Hold = new Hold { ReasonCode = (uint)(step.M + 1), UntilMs = world.Now + HoldLength(step.N) };
        return e;
    }

    private static long HoldLength(int n) =>
        new[] { World.Hour, 10 * World.Minute, 4 * World.Hour, World.Day, World.Day + 1, 0, 1, 2 * World.Hour }[n];

    private Event SettlementOf(StepKind kind, Step step)
    {
        Supply supply = SupplyAt(step.M);
        bool settles = kind == StepKind.Settle;
        if (step.N % 2 == 0) supply = Rx.Supplies.FirstOrDefault(s => s.Payer.Length > 0 && s.Settled != settles) ?? supply;
        Event e = world.SideBy(Or(supply.Payer, Network.Insurers, step.Who), Role.Insurer);
        ByteString amount = World.Hash("amount at " + world.Leaf);
        if (kind == StepKind.Settle) e.Settle = new Settle { DispenseId = supply.EventId, AmountCommitment = amount };
        else e.AdjustSettlement = new AdjustSettlement { DispenseId = supply.EventId, AmountCommitment = amount, ReasonCode = Reason };
        return e;
    }

    private Event DisputeActOf(StepKind kind, Step step)
    {
        Dispute[] open = [.. Rx.Disputes.Where(d => d.UntilMs > world.Now)];
        var none = new Dispute { DisputeId = World.Hash("no dispute") };
        Dispute dispute = open.Length == 0 || step.M == 7 ? none : open[step.M % open.Length];
        bool byPatient = kind == StepKind.PatientDispute || (kind is StepKind.Evidence or StepKind.Withdraw && step.N >= 4);
        TokenAuthority? token = byPatient ? TokenOf(Rx.TokenKey) : null;
        Event e = byPatient ? world.SideBy(Pick(Network.Pharmacies, step.Who), Role.Pharmacy) : Party(step);
        switch (kind)
        {
            case StepKind.Evidence:
                ByteString evidence = World.Hash("evidence at " + world.Leaf);
                e.AddEvidence = new AddEvidence { DisputeId = dispute.DisputeId, EvidenceCommitment = evidence, Token = token };
                return e;
            case StepKind.Withdraw:
                return Withdrawal(dispute, step, byPatient);
            case StepKind.ExtendDispute or StepKind.Resolve:
                return RegulatorsActOn(dispute, kind);
            default:
                ByteString statement = World.Hash("statement at " + world.Leaf);
                e.OpenDispute = new OpenDispute { EventId = Disputed(step), ReasonCode = Reason, StatementCommitment = statement, Token = token };
                return e;
        }
    }

    private ByteString Disputed(Step step) => step.M switch
    {
        7 => World.Hash("no act"),
        > 2 when Rx.Acts.Count > 0 => Rx.Acts[step.M % Rx.Acts.Count].EventId,
        _ => SupplyAt(step.M).EventId,
    };

    private Event RegulatorsActOn(Dispute dispute, StepKind kind) => With(world.SideBy("regulator", Role.Regulator), e =>
    {
        ByteString id = dispute.DisputeId, decision = World.Hash("decision");
        if (kind == StepKind.ExtendDispute) e.ExtendDispute = new ExtendDispute { DisputeId = id, ReasonCode = Reason };
        else e.ResolveDispute = new ResolveDispute { DisputeId = id, ResolutionCode = Reason, StatementCommitment = decision };
    });

    /// <summary>A party: regulator, issuer, dispenser or payer, or somebody with such a role.</summary>
    private Event Party(Step step)
    {
        (string name, Role role) = Parties[step.N % 4];
        if (role == Role.Hospital && step.Who == 0 && Rx.Issuer.Length > 0) name = Rx.Issuer;
        if (role == Role.Pharmacy) name = Or(SupplyAt(step.M).Dispenser, Network.Pharmacies, step.Who);
        if (role == Role.Insurer) name = Or(SupplyAt(step.M).Payer, Network.Insurers, step.Who);
        return world.SideBy(name, role);
    }

    private Event Withdrawal(Dispute dispute, Step step, bool lies)
    {
        bool byToken = dispute.ByPatient != (lies && step.N == 7);
        string name = dispute.Organisation.Length == 0 || step.Who > 0 ? Parties[step.Who].Name : dispute.Organisation;
        Role role = byToken ? Role.Pharmacy : world.Organisation(name).Roles.FirstOrDefault(Role.Hospital);
        Event e = world.SideBy(byToken ? Pick(Network.Pharmacies, step.Who) : name, role);
        e.WithdrawDispute = new WithdrawDispute { DisputeId = dispute.DisputeId, Token = byToken ? TokenOf(Rx.TokenKey) : null };
        return e;
    }

    private Event ContentActOf(StepKind kind, Step step)
    {
        if (kind is StepKind.Consent or StepKind.WithdrawConsent) return ConsentOf(kind, step);
        if (kind == StepKind.Access)
        {
            return With(world.SideBy(Parties[step.N % 4].Name, Parties[step.N % 4].Role), e =>
                e.RecordAccess = new RecordAccess { PurposeCode = (uint)world.Leaf });
        }
        if (kind == StepKind.EraseByOrder)
        {
            return With(world.SideBy("regulator", Role.Regulator), e =>
                e.Erase = new Erase { ReasonCode = Reason, OrderCommitment = World.Hash("order at " + world.Leaf) });
        }
        string custodian = Or(Rx.ContentCustodian.Length > 0 ? Rx.ContentCustodian : Rx.Issuer, Network.Hospitals, step.Who);
        Role role = custodian[0] switch { 'p' => Role.Pharmacy, 'i' => Role.Insurer, _ => Role.Hospital };
        return With(world.SideBy(custodian, role), e => e.Erase = new Erase { ReasonCode = Reason });
    }

    private Event ConsentOf(StepKind kind, Step step)
    {
        bool byToken = step.N % 2 == 1;
        TokenAuthority? token = byToken ? TokenOf(Rx.TokenKey) : null;
        Event e = byToken
            ? world.SideBy(Pick(Network.Pharmacies, step.Who), Role.Pharmacy)
            : world.SideBy(Or(Rx.Issuer, Network.Hospitals, step.Who), Role.Hospital);
        if (kind == StepKind.Consent)
        {
            long until = world.Now + new[] { World.Hour, World.Day, 1, 0, 3 * World.Hour, World.Hour, -1, World.Hour }[step.M];
            string grantee = Pick(Network.Pharmacies, step.M);
            e.GiveConsent = new GiveConsent { Grantee = grantee, PurposeCode = (uint)(step.M % 2) + 1, UntilMs = until, Token = token };
            return e;
        }
        var unknown = new Consent { Grantee = "pharmacy-b", PurposeCode = 1 };
        Consent consent = Rx.Consents.Count > 0 && step.M < 6 ? Rx.Consents[step.M % Rx.Consents.Count] : unknown;
        e.WithdrawConsent = new WithdrawConsent { Grantee = consent.Grantee, PurposeCode = consent.PurposeCode, Token = token };
        return e;
    }
}
