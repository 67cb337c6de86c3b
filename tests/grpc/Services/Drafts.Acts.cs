using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Testing.Node;

namespace RxChain.Grpc.Tests.Services;

/// <summary>The rarer acts.</summary>
internal static partial class Drafts
{
    private static readonly string[] People = ["prescriber", "pharmacist-a", "pharmacist-b"];

    /// <summary>Who signs a draft.</summary>
    public static string[] SignersOf(Event e) =>
        [e.Organisation, .. People.Where(name => e.ResponsibleId == TestNetwork.Id(name))];

    public static Event Issue(ByteString id, Action<Issue> change)
    {
        var e = Issue(id);
        change(e.Issue);
        return e;
    }

    public static Event RecordSupply(ByteString id, uint units, string payer = "") => OfPharmacist(id, new Event
    {
        RecordSupply = new RecordSupply { Items = { Item(units) }, ContentCommitment = Commitment(), Payer = payer, ReasonCode = 4 },
    });

    public static Event EmergencySupply(ByteString id, uint units, string payer = "") => OfPharmacist(id, new Event
    {
        EmergencySupply = new EmergencySupply { Items = { Item(units) }, ContentCommitment = Commitment(), Payer = payer, ReasonCode = 5 },
    });

    public static Event Dispense(ByteString id, uint units, string payer, params PackUse[] packs)
    {
        var e = Dispense(id, units);
        e.Dispense.Payer = payer;
        e.Dispense.Items[0].Packs.Add(packs);
        return e;
    }

    public static PackUse Pack(uint content, uint taken) => new()
    {
        PackMac = Commitment(),
        KeyVersion = 1,
        Content = content,
        Taken = taken,
        Split = taken < content,
    };

    public static Event Correct(ByteString id, ByteString supply) => OfPharmacist(id, new Event
    {
        Correct = new Correct { DispenseId = supply, ContentCommitment = Commitment(), ReasonCode = 6 },
    });

    public static Event Reverse(ByteString id, ByteString supply, Reverse.Types.Kind kind) => OfPharmacist(id, new Event
    {
        Reverse = new Reverse { Kind = kind, DispenseId = supply, ReasonCode = 7 },
    });

    public static Event Bind(ByteString id, string pharmacy) =>
        By(id, "hospital", Role.Hospital, new Event { BindToken = new BindToken { Pharmacy = pharmacy } });

    public static Event Hold(ByteString id, long untilMs) =>
        By(id, TestNetwork.Validator, Role.Regulator, new Event { Hold = new Hold { ReasonCode = 8, UntilMs = untilMs } });

    public static Event LiftHold(ByteString id) =>
        By(id, TestNetwork.Validator, Role.Regulator, new Event { LiftHold = new LiftHold { ReasonCode = 8 } });

    public static Event Settle(ByteString id, ByteString supply) => By(id, "insurer", Role.Insurer, new Event
    {
        Settle = new Settle { DispenseId = supply, AmountCommitment = Commitment() },
    });

    public static Event OpenDispute(ByteString id, ByteString act) => By(id, "hospital", Role.Hospital, new Event
    {
        OpenDispute = new OpenDispute { EventId = act, ReasonCode = 9, StatementCommitment = Commitment() },
    });

    public static Event GiveConsent(ByteString id, string grantee, long untilMs) => By(id, "hospital", Role.Hospital, new Event
    {
        GiveConsent = new GiveConsent { Grantee = grantee, PurposeCode = 10, UntilMs = untilMs },
    });

    public static Event RecordAccess(ByteString id) =>
        By(id, "hospital", Role.Hospital, new Event { RecordAccess = new RecordAccess { PurposeCode = 11 } });

    public static Event Erase(ByteString id) =>
        By(id, "hospital", Role.Hospital, new Event { Erase = new Erase { ReasonCode = 12 } });

    public static Event ReturnClaim(ByteString id) =>
        By(id, "pharmacy-a", Role.Pharmacy, new Event { ReturnClaim = new ReturnClaim { ReasonCode = 13 } });

    public static Event By(ByteString id, string organisation, Role role, Event act)
    {
        (act.PrescriptionId, act.Organisation, act.Role) = (id, organisation, role);
        act.TimeMs = NowMs;
        return act;
    }

    private static Event OfPharmacist(ByteString id, Event act)
    {
        act.ResponsibleId = TestNetwork.Id("pharmacist-a");
        return By(id, "pharmacy-a", Role.Pharmacy, act);
    }

    private static DispensedItem Item(uint units) => new() { FulfilsUnits = units, ProductCommitment = Commitment() };
}
