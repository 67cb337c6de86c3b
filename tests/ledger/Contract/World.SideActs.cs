using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Builders of supplies that are not a Dispense, of what happens to supplies, and of side acts.</summary>
internal sealed partial class World
{
    public const string Insurer = "insurer";

    public Event ClaimByPresence(string pharmacy = "pharmacy-a", string payer = Insurer) => With(By(pharmacy, Role.Pharmacy), e =>
        e.Claim = new Claim
        {
            ClaimNumber = NextClaim,
            Presence = new PresenceAuthority
            {
                Payer = payer,
                PayerKey = PublicKey(payer),
                AttestedMs = Now,
                Signature = ByteString.CopyFrom(new byte[64]),
            },
        });

    public Event ClaimByOverride(string pharmacy = "pharmacy-a") => With(By(pharmacy, Role.Pharmacy), e =>
        e.Claim = new Claim { ClaimNumber = NextClaim, Override = new OverrideAuthority { ReasonCode = 7 } });

    public Event RecordSupply(long handedOverMs, params DispensedItem[] items) =>
        RecordSupplyAt("pharmacy-a", "pharmacist-a", handedOverMs, items);

    public Event RecordSupplyAt(string pharmacy, string pharmacist, long handedOverMs, params DispensedItem[] items) =>
        With(By(pharmacy, Role.Pharmacy, pharmacist), e =>
        {
            e.TimeMs = handedOverMs;
            e.RecordSupply = new RecordSupply { Items = { items }, ContentCommitment = Hash("record"), ReasonCode = 7 };
        });

    public Event EmergencySupply(params DispensedItem[] items)
    {
        Event e = By("pharmacy-a", Role.Pharmacy, "pharmacist-a");
        e.EmergencySupply = new EmergencySupply { Items = { items }, ContentCommitment = Hash("record"), ReasonCode = 7 };
        (e.Sequence, e.PreviousEventId) = (1, ByteString.Empty);
        return e;
    }

    public Event Correct(ByteString dispenseId) => With(By("pharmacy-a", Role.Pharmacy, "pharmacist-a"), e =>
        e.Correct = new Correct { DispenseId = dispenseId, ContentCommitment = Hash("corrected"), ReasonCode = 7 });

    public Event Reverse(Reverse.Types.Kind kind, ByteString dispenseId, params uint[] items) =>
        With(By("pharmacy-a", Role.Pharmacy, "pharmacist-a"), e =>
        {
            e.Reverse = new Reverse { Kind = kind, DispenseId = dispenseId, ReasonCode = 7 };
            e.Reverse.Items.Add(items.Select(i => new ReversedItem { Item = i }));
        });

    public Event ReplaceToken(string name = "new token") => With(By("hospital", Role.Hospital), e =>
        e.ReplaceToken = new ReplaceToken { TokenKey = PublicKey(name), ReasonCode = 7 });

    public Event BindToken(string pharmacy) => With(By("pharmacy-b", Role.Pharmacy), e =>
        e.BindToken = new BindToken { Pharmacy = pharmacy, Token = Token() });

    public Event Settle(ByteString dispenseId) => With(Side(Insurer, Role.Insurer), e =>
        e.Settle = new Settle { DispenseId = dispenseId, AmountCommitment = Hash("amount") });

    public Event AdjustSettlement(ByteString dispenseId) => With(Side(Insurer, Role.Insurer), e =>
        e.AdjustSettlement = new AdjustSettlement { DispenseId = dispenseId, AmountCommitment = Hash("less"), ReasonCode = 7 });

    public Event Hold(long untilMs) => With(Side("regulator", Role.Regulator), e =>
        e.Hold = new Hold { ReasonCode = 7, UntilMs = untilMs });

    public Event LiftHold() => With(Side("regulator", Role.Regulator), e => e.LiftHold = new LiftHold { ReasonCode = 7 });

    public Event OpenDispute(ByteString eventId, string organisation = "hospital", Role role = Role.Hospital) =>
        With(Side(organisation, role), e =>
            e.OpenDispute = new OpenDispute { EventId = eventId, ReasonCode = 7, StatementCommitment = Hash("statement") });

    public Event PatientDispute(ByteString eventId) => With(OpenDispute(eventId, "pharmacy-b", Role.Pharmacy), e =>
        e.OpenDispute.Token = Token());

    public Event WithdrawDispute(ByteString disputeId, string organisation = "hospital", Role role = Role.Hospital) =>
        With(Side(organisation, role), e => e.WithdrawDispute = new WithdrawDispute { DisputeId = disputeId });

    public Event ExtendDispute(ByteString disputeId) => With(Side("regulator", Role.Regulator), e =>
        e.ExtendDispute = new ExtendDispute { DisputeId = disputeId, ReasonCode = 7 });

    public Event ResolveDispute(ByteString disputeId) => With(Side("regulator", Role.Regulator), e =>
        e.ResolveDispute = new ResolveDispute { DisputeId = disputeId, ResolutionCode = 7, StatementCommitment = Hash("decision") });

    public Event AddEvidence(ByteString disputeId, string organisation = "hospital", Role role = Role.Hospital) =>
        With(Side(organisation, role), e =>
            e.AddEvidence = new AddEvidence { DisputeId = disputeId, EvidenceCommitment = Hash("evidence") });

    public Event RecordAccess(string organisation = "hospital", Role role = Role.Hospital) =>
        With(Side(organisation, role), e => e.RecordAccess = new RecordAccess { PurposeCode = 7 });

    public Event GiveConsent(string grantee, long untilMs) => With(Side("hospital", Role.Hospital), e =>
        e.GiveConsent = new GiveConsent { Grantee = grantee, PurposeCode = 7, UntilMs = untilMs });

    public Event WithdrawConsent(string grantee) => With(Side("hospital", Role.Hospital), e =>
        e.WithdrawConsent = new WithdrawConsent { Grantee = grantee, PurposeCode = 7 });

    public Event Erase() => With(Side("hospital", Role.Hospital), e => e.Erase = new Erase { ReasonCode = 7 });

    public Event EraseByOrder() => With(Side("regulator", Role.Regulator), e =>
        e.Erase = new Erase { ReasonCode = 7, OrderCommitment = Hash("order") });

    /// <summary>Event id of the newest accepted lifecycle act.</summary>
    public ByteString Head => Stored.Acts[^1].EventId;

    /// <summary>Event id of the newest supply.</summary>
    public ByteString LastSupply => Stored.Supplies[^1].EventId;

    /// <summary>Id of the newest open dispute.</summary>
    public ByteString LastDispute => Stored.Disputes[^1].DisputeId;

    /// <summary>A side act cites the head without following it; on nothing it cites an invented one.</summary>
    private Event Side(string organisation, Role role)
    {
        Event e = By(organisation, role);
        e.Sequence--;
        return e;
    }
}
