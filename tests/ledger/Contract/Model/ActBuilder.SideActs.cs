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
        if (kind == StepKind.Settle && step.N % 2 == 0) supply = Rx.Supplies.FirstOrDefault(s => s.Payer.Length > 0 && !s.Settled) ?? supply;
        if (kind == StepKind.Adjust && step.N % 2 == 0) supply = Rx.Supplies.FirstOrDefault(s => s.Settled) ?? supply;
        Event e = world.SideBy(Or(supply.Payer, Network.Insurers, step.Who), Role.Insurer);
        ByteString amount = World.Hash("amount at " + world.Leaf);
        if (kind == StepKind.Settle) e.Settle = new Settle { DispenseId = supply.EventId, AmountCommitment = amount };
        else e.AdjustSettlement = new AdjustSettlement { DispenseId = supply.EventId, AmountCommitment = amount, ReasonCode = Reason };
        return e;
    }

    private Event DisputeActOf(StepKind kind, Step step)
    {
        Dispute[] open = [.. Rx.Disputes.Where(d => d.UntilMs > world.Now)];
        Dispute dispute = open.Length == 0 || step.M == 7 ? new Dispute { DisputeId = World.Hash("no dispute") } : open[step.M % open.Length];
        Event e = Party(step);
        TokenAuthority? token = kind == StepKind.PatientDispute || (kind is StepKind.Evidence or StepKind.Withdraw && step.N >= 4)
            ? TokenOf(Rx.TokenKey)
            : null;
        if (token is not null) e = world.SideBy(Pick(Network.Pharmacies, step.Who), Role.Pharmacy);
        if (kind is StepKind.OpenDispute or StepKind.PatientDispute)
        {
            ByteString names = step.M == 7 ? World.Hash("no act") : step.M > 2 && Rx.Acts.Count > 0 ? Rx.Acts[step.M % Rx.Acts.Count].EventId : SupplyAt(step.M).EventId;
            e.OpenDispute = new OpenDispute
            {
                EventId = names,
                ReasonCode = Reason,
                StatementCommitment = World.Hash("statement at " + world.Leaf),
                Token = token,
            };
        }
        if (kind == StepKind.Evidence)
            e.AddEvidence = new AddEvidence { DisputeId = dispute.DisputeId, EvidenceCommitment = World.Hash("evidence at " + world.Leaf), Token = token };
        if (kind == StepKind.Withdraw) e = Withdrawal(dispute, step, token is not null);
        if (kind is StepKind.ExtendDispute or StepKind.Resolve) e = world.SideBy("regulator", Role.Regulator);
        if (kind == StepKind.ExtendDispute) e.ExtendDispute = new ExtendDispute { DisputeId = dispute.DisputeId, ReasonCode = Reason };
        if (kind == StepKind.Resolve)
            e.ResolveDispute = new ResolveDispute { DisputeId = dispute.DisputeId, ResolutionCode = Reason, StatementCommitment = World.Hash("decision") };
        return e;
    }

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
        bool byToken = step.N % 2 == 1;
        string hospital = Or(Rx.Issuer, Network.Hospitals, step.Who);
        Event e = byToken ? world.SideBy(Pick(Network.Pharmacies, step.Who), Role.Pharmacy) : world.SideBy(hospital, Role.Hospital);
        TokenAuthority? token = byToken ? TokenOf(Rx.TokenKey) : null;
        Consent known = Rx.Consents.Count > 0 && step.M < 6 ? Rx.Consents[step.M % Rx.Consents.Count] : new Consent { Grantee = "pharmacy-b", PurposeCode = 1 };
        switch (kind)
        {
            case StepKind.Access:
                e = world.SideBy(Parties[step.N % 4].Name, Parties[step.N % 4].Role);
                e.RecordAccess = new RecordAccess { PurposeCode = (uint)world.Leaf };
                return e;
            case StepKind.Consent:
                long until = world.Now + new[] { World.Hour, World.Day, 1, 0, 3 * World.Hour, World.Hour, -1, World.Hour }[step.M];
                e.GiveConsent = new GiveConsent { Grantee = Pick(Network.Pharmacies, step.M), PurposeCode = (uint)(step.M % 2) + 1, UntilMs = until, Token = token };
                return e;
            case StepKind.WithdrawConsent:
                e.WithdrawConsent = new WithdrawConsent { Grantee = known.Grantee, PurposeCode = known.PurposeCode, Token = token };
                return e;
            case StepKind.EraseByOrder:
                return With(world.SideBy("regulator", Role.Regulator), o =>
                    o.Erase = new Erase { ReasonCode = Reason, OrderCommitment = World.Hash("order at " + world.Leaf) });
            default:
                string custodian = Or(Rx.ContentCustodian.Length > 0 ? Rx.ContentCustodian : Rx.Issuer, Network.Hospitals, step.Who);
                Role role = custodian[0] switch { 'p' => Role.Pharmacy, 'i' => Role.Insurer, _ => Role.Hospital };
                return With(world.SideBy(custodian, role), o => o.Erase = new Erase { ReasonCode = Reason });
        }
    }
}
