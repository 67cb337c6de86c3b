using Google.Protobuf;
using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Claims without the token, supplies that are not a Dispense, and tokens.</summary>
public partial class EventRangeTests
{
    private static readonly (string Path, Func<Event> Good, Action<Event> Spoil)[] SupplyCases =
    [
        ("issue.replaces", () => World.Issue(), e => e.Issue.Replaces = Short),
        ("issue.replaces", () => World.Issue(), e => e.Issue.Replaces = e.PrescriptionId),
        ("issue.covers", () => World.Issue(), e => e.Issue.Covers = Short),
        ("issue.covers", () => World.Issue(), e => e.Issue.Covers = e.PrescriptionId),
        ("issue.covers", () => World.Issue(), e => e.Issue.Covers = e.Issue.Replaces = Id("other")),
        ("claim.presence.payer", () => World.ClaimByPresence(), e => e.Claim.Presence.Payer = ""),
        ("claim.presence.payer_key", () => World.ClaimByPresence(), e => e.Claim.Presence.PayerKey = NotAKey),
        ("claim.presence.attested_ms", () => World.ClaimByPresence(), e => e.Claim.Presence.AttestedMs = 0),
        ("claim.presence.signature", () => World.ClaimByPresence(), e => e.Claim.Presence.Signature = Short),
        ("claim.override.reason_code", () => World.ClaimByOverride(), e => e.Claim.Override.ReasonCode = 0),
        ("dispense.items[0].packs[0].previous_mac", OnePack, e => e.Dispense.Items[0].Packs[0].PreviousMac = Short),
        ("dispense.items[0].packs[0].previous_mac", OnePack, e => e.Dispense.Items[0].Packs[0].PreviousMac = Hash("p")),
        ("record_supply.items", RecordSupply, e => e.RecordSupply.Items.Clear()),
        ("record_supply.items[0].fulfils_units", RecordSupply, e => e.RecordSupply.Items[0].FulfilsUnits = 0),
        ("record_supply.content_commitment", RecordSupply, e => e.RecordSupply.ContentCommitment = Short),
        ("record_supply.payer", RecordSupply, e => e.RecordSupply.Payer = "A"),
        ("record_supply.reason_code", RecordSupply, e => e.RecordSupply.ReasonCode = 0),
        ("record_supply.token.token_key", RecordSupply, e => e.RecordSupply.Token.TokenKey = NotAKey),
        ("record_supply.token.signature", RecordSupply, e => e.RecordSupply.Token.Signature = Short),
        ("emergency_supply.items", Emergency, e => e.EmergencySupply.Items.Clear()),
        ("emergency_supply.items[0].line", Emergency, e => e.EmergencySupply.Items[0].Line = 32),
        ("emergency_supply.content_commitment", Emergency, e => e.EmergencySupply.ContentCommitment = Short),
        ("emergency_supply.payer", Emergency, e => e.EmergencySupply.Payer = "A"),
        ("emergency_supply.reason_code", Emergency, e => e.EmergencySupply.ReasonCode = 65_536),
        ("sequence", Emergency, e => e.Sequence = 2),
        ("correct.dispense_id", Correct, e => e.Correct.DispenseId = Short),
        ("correct.content_commitment", Correct, e => e.Correct.ContentCommitment = Short),
        ("correct.reason_code", Correct, e => e.Correct.ReasonCode = 0),
        ("reverse.kind", Reverse, e => e.Reverse.Kind = 0),
        ("reverse.dispense_id", Reverse, e => e.Reverse.DispenseId = Short),
        ("reverse.items", Reverse, e => e.Reverse.Items.Add(Enumerable.Repeat(new ReversedItem(), 31))),
        ("reverse.items[1].item", Reverse, e => e.Reverse.Items[1].Item = 32),
        ("reverse.items", Reverse, e => e.Reverse.Items[1].Item = 0),
        ("reverse.reason_code", Reverse, e => e.Reverse.ReasonCode = 0),
        ("replace_token.token_key", () => World.ReplaceToken(), e => e.ReplaceToken.TokenKey = ByteString.Empty),
        ("replace_token.reason_code", () => World.ReplaceToken(), e => e.ReplaceToken.ReasonCode = 0),
        ("bind_token.pharmacy", Bind, e => e.BindToken.Pharmacy = "A"),
        ("bind_token.token", Bind, e => e.BindToken.Token = null),
        ("bind_token.token.token_key", Bind, e => e.BindToken.Token.TokenKey = NotAKey),
        ("bind_token.token.signature", Bind, e => e.BindToken.Token.Signature = Short),
    ];

    private static Event RecordSupply() => Changed(World.RecordSupply(World.Now, Item(0, 1)), e => e.RecordSupply.Token = Token());

    private static Event Emergency() => World.EmergencySupply(Item(31, 1));

    private static Event Correct() => World.Correct(Hash("supply"));

    private static Event Reverse() => World.Reverse(Prescriptions.Events.Reverse.Types.Kind.Returned, Hash("supply"), 0, 31);

    private static Event Bind() => World.BindToken("pharmacy-a");
}
