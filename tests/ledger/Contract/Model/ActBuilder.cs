using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>Makes the event that a step means where the world stands now.</summary>
internal sealed partial class ActBuilder(World world)
{
    public const int Slots = 12;
    private const int AnySlot = 10;

    /// <summary>With this M a step does what it says where it makes no sense, too.</summary>
    private const int Stubborn = 7;

    private const uint Reason = 7;

    public static ByteString SlotId(int slot) => World.Id("rx-" + slot);

    public Event Build(Step step)
    {
        StepKind kind = step.Kind == StepKind.Next ? NextKind(step) : step.Kind;
        bool next = step.Kind == StepKind.Next;
        bool issues = kind is >= StepKind.Issue and <= StepKind.IssueCovering;
        int slot = next && !issues ? step.Rx : Slot(kind, step.Rx);
        if (!next && slot < AnySlot && step.M != Stubborn && !MakesSense(kind, At(slot))) return Build(step with { Kind = StepKind.Next });
        world.Rx = SlotId(slot);
        return EventOf(kind, step);
    }

    private Event EventOf(StepKind kind, Step step)
    {
        return kind switch
        {
            >= StepKind.Issue and <= StepKind.IssueCovering => IssueOf(kind, step),
            >= StepKind.Approve and <= StepKind.PatientCancel => CareOf(kind, step),
            >= StepKind.RecordSupply and <= StepKind.ReverseReturned => SupplyOf(kind, step),
            StepKind.ReplaceToken or StepKind.BindToken => TokenActOf(kind, step),
            >= StepKind.Settle and <= StepKind.EraseByOrder => SideActOf(kind, step),
            _ => PractitionerActOf(kind, step),
        };
    }

    private Prescription? At(int slot) => world.State.Peek<Prescription>(EntityKind.Prescription, SlotId(slot));

    private PrescriptionStatus StatusOf(Prescription? rx) => rx is null ? 0 : EffectiveState.At(rx, world.Now);

    /// <summary>The prescription at hand, or an empty one: then every act on it is refused.</summary>
    private Prescription Rx => world.Stored ?? new Prescription();

    private StepKind NextKind(Step step)
    {
        Prescription? rx = At(step.Rx);
        switch (StatusOf(rx))
        {
            case 0: return StepKind.Issue;
            case PrescriptionStatus.Issued: return rx!.QueryOpen ? StepKind.Confirm : StepKind.Approve;
            case PrescriptionStatus.Active: return NextClaim(rx!, step);
            case PrescriptionStatus.Claimed: return NextOfHolder(rx!);
            case PrescriptionStatus.Completed when rx!.Issuer.Length == 0: return NextOfEmergency(step);
            default:
                return rx!.Supplies.Count == 0 ? StepKind.Issue : new[]
            {
                StepKind.Settle, StepKind.ReverseReturned, StepKind.RecordSupply, StepKind.Issue,
            }[step.M % 4];
        }
    }

    private static StepKind NextClaim(Prescription rx, Step step) =>
        rx.Nominee.Length > 0 && step.N % 2 == 0 ? StepKind.ClaimAsNominee
        : step.N == 3 ? StepKind.ClaimByPresence
        : step.N == 5 ? StepKind.ClaimByOverride
        : StepKind.ClaimByToken;

    private static StepKind NextOfEmergency(Step step) => (step.N % 4) switch
    {
        0 => StepKind.OpenDispute,
        1 => StepKind.Settle,
        _ => StepKind.IssueCovering,
    };

    private StepKind NextOfHolder(Prescription rx) =>
        rx.CancellationPending ? StepKind.Return
        : rx.QueryOpen ? StepKind.Confirm
        : rx.Approvals.Count < world.Policy.ApprovalsBeforeDispense ? StepKind.Approve
        : StepKind.Dispense;

    private int Slot(StepKind kind, int wish)
    {
        int[] sensible = [.. Enumerable.Range(0, Slots).Where(slot => MakesSense(kind, At(slot)))];
        return wish >= AnySlot || sensible.Length == 0 ? wish : sensible[wish % sensible.Length];
    }

    private bool MakesSense(StepKind kind, Prescription? rx)
    {
        if (kind is >= StepKind.Issue and <= StepKind.IssueCovering or StepKind.Emergency) return rx is null;
        if (rx is null) return false;
        PrescriptionStatus status = StatusOf(rx);
        bool unfinished = status is PrescriptionStatus.Issued or PrescriptionStatus.Active or PrescriptionStatus.Claimed;
        return kind switch
        {
            StepKind.Approve => status is PrescriptionStatus.Issued or PrescriptionStatus.Claimed && !rx.QueryOpen,
            StepKind.Query or StepKind.Reject => status is PrescriptionStatus.Issued or PrescriptionStatus.Claimed,
            StepKind.Confirm => unfinished && rx.QueryOpen,
            >= StepKind.ClaimByToken and <= StepKind.ClaimByOverride => status == PrescriptionStatus.Active,
            >= StepKind.Extend and <= StepKind.Close => status == PrescriptionStatus.Claimed,
            StepKind.Cancel or StepKind.PatientCancel or StepKind.ReplaceToken or StepKind.BindToken or StepKind.Hold => unfinished,
            StepKind.RecordSupply => rx.Claims > 0,
            StepKind.RecordSupplyByToken => !rx.TokenKey.IsEmpty,
            StepKind.Correct or StepKind.ReverseNotHandedOver or StepKind.ReverseReturned => rx.Supplies.Count > 0,
            StepKind.Settle => rx.Supplies.Any(s => s.Payer.Length > 0 && !s.Settled),
            StepKind.Adjust => rx.Supplies.Any(s => s.Settled),
            StepKind.Lift => rx.Hold is { } hold && hold.UntilMs > world.Now,
            >= StepKind.Withdraw and <= StepKind.Evidence => rx.Disputes.Any(d => d.UntilMs > world.Now),
            StepKind.WithdrawConsent => rx.Consents.Any(c => c.UntilMs > world.Now),
            StepKind.Erase or StepKind.EraseByOrder => !unfinished && !rx.Erased,
            _ => true,
        };
    }

    private static string Pick(string[] names, int index) => names[index % names.Length];

    private static string Or(string rightful, string[] others, int who) =>
        who == 0 && rightful.Length > 0 ? rightful : Pick(others, who);

    private static TokenAuthority TokenOf(ByteString key) => new()
    {
        TokenKey = key.IsEmpty ? World.PublicKey("no token") : key,
        Signature = ByteString.CopyFrom(new byte[64]),
    };

    private static Event With(Event e, Action<Event> act)
    {
        act(e);
        return e;
    }

    private string Pharmacist(string organisation, int n) => organisation switch
    {
        "hospital" => n % 2 == 0 ? "ward-pharmacist" : "second-pharmacist",
        "pharmacy-a" => n % 2 == 0 ? "pharmacist-a" : "second-pharmacist",
        "pharmacy-b" => n == 7 && IsRegistered("new-0") ? "new-0" : "pharmacist-b",
        "clinic" => "clinic-pharmacist",
        _ => "ward-pharmacist",
    };

    private bool IsRegistered(string name) => world.State.Peek<Practitioner>(EntityKind.Practitioner, World.Id(name)) is not null;

    private static string Prescriber(string organisation, int n) => organisation switch
    {
        "hospital" => n % 4 == 3 ? "dr-wilson" : "dr-house",
        "clinic" => "dr-clinic",
        _ => "dr-wilson",
    };
}
