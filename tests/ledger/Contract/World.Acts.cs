using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Builders of events that follow the head of <see cref="World.Rx"/>, now, by the usual people.</summary>
internal sealed partial class World
{
    public const string TokenName = "token";

    public Event Issue(params uint[] units)
    {
        var issue = new Issue
        {
            NotBeforeMs = Now,
            NotAfterMs = Now + Day,
            ContentCommitment = Hash("content"),
            TokenKey = PublicKey(TokenName),
        };
        foreach (uint n in units.DefaultIfEmpty(10u)) issue.Lines.Add(new Line { Commitment = Hash("line"), Units = n });
        Event e = By("hospital", Role.Hospital, "dr-house");
        (e.Issue, e.Sequence, e.PreviousEventId) = (issue, 1, ByteString.Empty);
        return e;
    }

    public Event Review(Verdict verdict, string organisation = "pharmacy-a", string pharmacist = "pharmacist-a") =>
        With(By(organisation, organisation.StartsWith('h') ? Role.Hospital : Role.Pharmacy, pharmacist), e =>
            e.Review = new Review { Verdict = verdict, ReasonCode = verdict == Verdict.Approve ? 0u : 7u });

    public Event WardReview(Verdict verdict) => Review(verdict, "hospital", "ward-pharmacist");

    public Event Confirm() => With(By("hospital", Role.Hospital, "dr-house"), e =>
        e.Confirm = new Confirm { AnswerCommitment = Hash("answer") });

    public Event Claim(string pharmacy = "pharmacy-a") => With(By(pharmacy, Role.Pharmacy), e =>
        e.Claim = new Claim { ClaimNumber = NextClaim, Token = Token() });

    public Event ClaimAsNominee(string pharmacy) => With(By(pharmacy, Role.Pharmacy), e =>
        e.Claim = new Claim { ClaimNumber = NextClaim, Nominee = new NomineeAuthority() });

    public Event Extend(string pharmacy = "pharmacy-a") => With(By(pharmacy, Role.Pharmacy), e => e.ExtendClaim = new());

    public Event Return(string pharmacy = "pharmacy-a") => With(By(pharmacy, Role.Pharmacy), e =>
        e.ReturnClaim = new ReturnClaim { ReasonCode = 7 });

    public Event Dispense(params DispensedItem[] items) => DispenseAt("pharmacy-a", "pharmacist-a", items);

    public Event Dispense(uint units) => Dispense(Item(0, units));

    public Event DispenseAt(string pharmacy, string pharmacist, params DispensedItem[] items) =>
        With(By(pharmacy, Role.Pharmacy, pharmacist), e =>
            e.Dispense = new Dispense { Items = { items }, ContentCommitment = Hash("record") });

    public Event Close() => With(By("pharmacy-a", Role.Pharmacy), e => e.Close = new Close { ReasonCode = 7 });

    public Event Cancel() => With(By("hospital", Role.Hospital), e => e.Cancel = new Cancel { ReasonCode = 7 });

    public Event PatientCancel(string organisation = "pharmacy-b") => With(By(organisation, Role.Pharmacy), e =>
        e.Cancel = new Cancel { ReasonCode = 7, Token = Token() });

    public static DispensedItem Item(uint line, uint units, params PackUse[] packs) =>
        new() { Line = line, FulfilsUnits = units, ProductCommitment = Hash("product"), Packs = { packs } };

    public static PackUse Pack(string code, uint content, uint taken) =>
        new() { PackMac = Hash(code), KeyVersion = 1, Content = content, Taken = taken, Split = taken < content };

    public static TokenAuthority Token(string name = TokenName) =>
        new() { TokenKey = PublicKey(name), Signature = ByteString.CopyFrom(new byte[64]) };

    public Event Register(string name, Profession profession, params string[] organisations)
    {
        Event e = Credential(name);
        e.RegisterPractitioner = new RegisterPractitioner
        {
            PractitionerId = Id(name),
            Profession = profession,
            Organisations = { organisations },
            PublicKey = PublicKey(name),
            ProofOfPossession = ByteString.CopyFrom(new byte[64]),
            Custody = Custody.Card,
            CredentialCommitment = Hash("credential"),
        };
        (e.Sequence, e.PreviousEventId) = (1, ByteString.Empty);
        return e;
    }

    public Event Suspend(string name) => With(Credential(name), e =>
        e.SuspendPractitioner = new SuspendPractitioner { PractitionerId = Id(name), ReasonCode = 7 });

    public Event Reinstate(string name) => With(Credential(name), e =>
        e.ReinstatePractitioner = new ReinstatePractitioner { PractitionerId = Id(name) });

    private uint NextClaim => (Stored?.Claims ?? 0) + 1;

    private Event Credential(string name)
    {
        Event e = Header("regulator", Role.Regulator);
        return Follow(e, State.Peek<Practitioner>(EntityKind.Practitioner, Id(name))?.Acts ?? []);
    }

    private Event By(string organisation, Role role, string? practitioner = null)
    {
        Event e = Header(organisation, role);
        e.PrescriptionId = Rx;
        if (practitioner is not null) e.ResponsibleId = Id(practitioner);
        if (practitioner is not null) e.KeyIds.Add(KeyOf(practitioner));
        return Follow(e, Stored?.Acts ?? []);
    }

    private Event Header(string organisation, Role role) => new()
    {
        Network = Network,
        Organisation = organisation,
        Role = role,
        TimeMs = Now,
        KeyIds = { KeyOf(organisation) },
    };

    /// <summary>Cites the head; an act on nothing cites an invented one.</summary>
    private static Event Follow(Event e, RepeatedField<ActRef> acts)
    {
        e.Sequence = (uint)Math.Max(acts.Count, 1) + 1;
        e.PreviousEventId = acts.Count == 0 ? Hash("nothing") : acts[^1].EventId;
        return e;
    }

    private static Event With(Event e, Action<Event> act)
    {
        act(e);
        return e;
    }
}
