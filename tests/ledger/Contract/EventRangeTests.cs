using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.World;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Each range of events.proto, one step outside it.</summary>
public partial class EventRangeTests
{
    private static readonly World World = new();
    private static readonly ByteString Short = ByteString.CopyFrom(1, 2, 3);
    private static readonly ByteString NotAKey = ByteString.CopyFrom([5, .. new byte[64]]);

    private static readonly (string Path, Func<Event> Good, Action<Event> Spoil)[] BasicCases =
    [
        ("network", World.Close, e => e.Network = ""),
        ("network", World.Close, e => e.Network = new string('x', 129)),
        ("network", World.Close, e => e.Network = new string('é', 65)),
        ("prescription_id", World.Close, e => e.PrescriptionId = Short),
        ("prescription_id", World.Close, e => e.PrescriptionId = ByteString.Empty),
        ("prescription_id", Suspend, e => e.PrescriptionId = Id("rx")),
        ("organisation", World.Close, e => e.Organisation = ""),
        ("organisation", World.Close, e => e.Organisation = "Hospital"),
        ("organisation", World.Close, e => e.Organisation = "a b"),
        ("organisation", World.Close, e => e.Organisation = new string('x', 65)),
        ("role", World.Close, e => e.Role = Role.Unspecified),
        ("author_id", World.Close, e => e.AuthorId = Short),
        ("author_id", () => World.Dispense(1), e => e.AuthorId = e.ResponsibleId),
        ("responsible_id", World.Close, e => e.ResponsibleId = Short),
        ("time_ms", World.Close, e => e.TimeMs = 0),
        ("time_ms", World.Close, e => e.TimeMs = long.MinValue),
        ("time_ms", World.Close, e => e.TimeMs = 253_402_300_800_000),
        ("key_ids", World.Close, e => e.KeyIds.Add([Hash("2"), Hash("3")])),
        ("key_ids[1]", World.Close, e => e.KeyIds.Add(Short)),
        ("sequence", World.Close, e => e.Sequence = 0),
        ("sequence", () => World.Issue(), e => e.Sequence = 2),
        ("sequence", () => Register(), e => e.Sequence = 2),
        ("previous_event_id", World.Close, e => e.PreviousEventId = Short),
        ("previous_event_id", World.Close, e => e.Sequence = 1),
        ("issue.lines", () => World.Issue(), e => e.Issue.Lines.Clear()),
        ("issue.lines", () => World.Issue([.. Enumerable.Repeat(1u, 32)]), e => e.Issue.Lines.Add(new Line())),
        ("issue.lines[1].commitment", () => World.Issue(1, 1), e => e.Issue.Lines[1].Commitment = Short),
        ("issue.lines[1].units", () => World.Issue(1, 1), e => e.Issue.Lines[1].Units = 0),
        ("issue.lines[0].units", () => World.Issue(), e => e.Issue.Lines[0].Units = 1_000_001),
        ("issue.not_before_ms", () => World.Issue(), e => e.Issue.NotBeforeMs = -1),
        ("issue.not_after_ms", () => World.Issue(), e => e.Issue.NotAfterMs = long.MaxValue),
        ("issue.not_after_ms", () => World.Issue(), e => e.Issue.NotAfterMs = e.Issue.NotBeforeMs),
        ("issue.content_commitment", () => World.Issue(), e => e.Issue.ContentCommitment = ByteString.Empty),
        ("issue.token_key", () => World.Issue(), e => e.Issue.TokenKey = Short),
        ("issue.token_key", () => World.Issue(), e => e.Issue.TokenKey = NotAKey),
        ("issue.nominee", () => World.Issue(), e => e.Issue.Nominee = "A"),
        ("issue.content_custodian", () => World.Issue(), e => e.Issue.ContentCustodian = "A"),
        ("issue.group.group_id", Repeat, e => e.Issue.Group.GroupId = Short),
        ("issue.group.of", Repeat, e => e.Issue.Group.Of = 1),
        ("issue.group.of", Repeat, e => e.Issue.Group.Of = 65),
        ("issue.group.number", Repeat, e => e.Issue.Group.Number = 0),
        ("issue.group.number", Repeat, e => e.Issue.Group.Number = 4),
        ("issue.group.after_id", Repeat, e => e.Issue.Group.AfterId = Short),
        ("issue.group.after_id", Repeat, e => e.Issue.Group.AfterId = e.PrescriptionId),
        ("review.verdict", () => World.Review(Verdict.Query), e => e.Review.Verdict = 0),
        ("review.reason_code", () => World.Review(Verdict.Approve), e => e.Review.ReasonCode = 1),
        ("review.reason_code", () => World.Review(Verdict.Query), e => e.Review.ReasonCode = 0),
        ("review.reason_code", () => World.Review(Verdict.Reject), e => e.Review.ReasonCode = 65_536),
        ("confirm.answer_commitment", World.Confirm, e => e.Confirm.AnswerCommitment = Short),
        ("claim.claim_number", () => World.Claim(), e => e.Claim.ClaimNumber = 0),
        ("claim.authority", () => World.Claim(), e => e.Claim.ClearAuthority()),
        ("claim.token.token_key", () => World.Claim(), e => e.Claim.Token.TokenKey = ByteString.Empty),
        ("claim.token.signature", () => World.Claim(), e => e.Claim.Token.Signature = Short),
        ("return_claim.reason_code", () => World.Return(), e => e.ReturnClaim.ReasonCode = 0),
        ("dispense.items", () => World.Dispense(1), e => e.Dispense.Items.Clear()),
        ("dispense.items", () => World.Dispense(1), e => e.Dispense.Items.Add(Enumerable.Repeat(Item(0, 1), 32))),
        ("dispense.items[0].fulfils_units", () => World.Dispense(1), e => e.Dispense.Items[0].FulfilsUnits = 0),
        ("dispense.items[0].fulfils_units", () => World.Dispense(1), e => e.Dispense.Items[0].FulfilsUnits = uint.MaxValue),
        ("dispense.items[0].product_commitment", () => World.Dispense(1), e => e.Dispense.Items[0].ProductCommitment = Short),
        ("dispense.items[0].substitution_code", () => World.Dispense(1), e => e.Dispense.Items[0].SubstitutionCode = 65_536),
        ("dispense.items[0].packs", OnePack, e => e.Dispense.Items[0].Packs.Add(Enumerable.Repeat(Pack("p", 2, 1), 64))),
        ("dispense.items[0].packs[0].pack_mac", OnePack, e => e.Dispense.Items[0].Packs[0].PackMac = Short),
        ("dispense.items[0].packs[0].key_version", OnePack, e => e.Dispense.Items[0].Packs[0].KeyVersion = 0),
        ("dispense.items[0].packs[0].content", OnePack, e => e.Dispense.Items[0].Packs[0].Content = 0),
        ("dispense.items[0].packs[0].taken", OnePack, e => e.Dispense.Items[0].Packs[0].Taken = 0),
        ("dispense.items[0].packs[0].taken", OnePack, e => e.Dispense.Items[0].Packs[0].Taken = 31),
        ("dispense.items[0].packs[0].split", OnePack, e => e.Dispense.Items[0].Packs[0].Split = false),
        ("dispense.items[0].packs[0].split", OnePack, e => e.Dispense.Items[0].Packs[0].Taken = 30),
        ("dispense.content_commitment", () => World.Dispense(1), e => e.Dispense.ContentCommitment = Short),
        ("dispense.payer", () => World.Dispense(1), e => e.Dispense.Payer = "A"),
        ("close.reason_code", World.Close, e => e.Close.ReasonCode = 0),
        ("cancel.reason_code", World.Cancel, e => e.Cancel.ReasonCode = 0),
        ("cancel.token.token_key", () => World.PatientCancel(), e => e.Cancel.Token.TokenKey = NotAKey),
        ("cancel.token.signature", () => World.PatientCancel(), e => e.Cancel.Token.Signature = Short),
        ("register_practitioner.practitioner_id", Register, e => e.RegisterPractitioner.PractitionerId = Short),
        ("register_practitioner.profession", Register, e => e.RegisterPractitioner.Profession = 0),
        ("register_practitioner.organisations", Register, e => e.RegisterPractitioner.Organisations.Clear()),
        ("register_practitioner.organisations", Register, e => e.RegisterPractitioner.Organisations.Add("hospital")),
        ("register_practitioner.organisations[1]", Register, e => e.RegisterPractitioner.Organisations.Add("")),
        ("register_practitioner.public_key", Register, e => e.RegisterPractitioner.PublicKey = NotAKey),
        ("register_practitioner.proof_of_possession", Register, e => e.RegisterPractitioner.ProofOfPossession = Short),
        ("register_practitioner.custody", Register, e => e.RegisterPractitioner.Custody = 0),
        ("register_practitioner.credential_commitment", Register, e => e.RegisterPractitioner.CredentialCommitment = Short),
        ("suspend_practitioner.practitioner_id", Suspend, e => e.SuspendPractitioner.PractitionerId = Short),
        ("suspend_practitioner.reason_code", Suspend, e => e.SuspendPractitioner.ReasonCode = 0),
        ("reinstate_practitioner.practitioner_id", Reinstate, e => e.ReinstatePractitioner.PractitionerId = Short),
    ];

    private static (string Path, Func<Event> Good, Action<Event> Spoil)[] AllCases => [.. BasicCases, .. SupplyCases, .. SideCases];

    public static TheoryData<int, string> Numbers
    {
        get
        {
            var numbers = new TheoryData<int, string>();
            for (int i = 0; i < AllCases.Length; i++) numbers.Add(i, AllCases[i].Path);
            return numbers;
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void TryParse_FieldOutOfRange_NamesItsPath(int number, string path)
    {
        Event e = AllCases[number].Good();
        Assert.True(EventParser.TryParse(e.ToByteArray(), out _, out string fault), fault);
        AllCases[number].Spoil(e);
        Assert.False(EventParser.TryParse(e.ToByteArray(), out _, out string error));
        Assert.StartsWith(path + ": ", error, StringComparison.Ordinal);
    }

    private static Event Repeat() => OutcomeTests.Repeat(World.Issue(), 2, "another");

    private static Event OnePack() => World.Dispense(Item(0, 1, Pack("p", 30, 10)));

    private static Event Register() => World.Register("dr-new", Profession.Prescriber, "hospital");

    private static Event Suspend() => World.Suspend("dr-house");

    private static Event Reinstate() => World.Reinstate("dr-house");
}
