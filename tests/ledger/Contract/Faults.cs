using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>One thing that is wrong with an act, and the refusal for it alone.</summary>
/// <param name="Spoil">Changes the state or the event. Faults are made from the highest number to the lowest.</param>
/// <param name="Spot">Faults of the same spot cannot be together.</param>
internal sealed record Fault(Outcome Outcome, Action<World, Event> Spoil, string Spot = "");

/// <summary>Faults that several acts share.</summary>
internal static class Faults
{
    private const int MaxActs = 1_000;

    /// <summary>What can be wrong with any act on a prescription.</summary>
    public static IEnumerable<Fault> OfAny(Event good)
    {
        bool side = Prescriptions.ActKinds.IsSide(good);
        yield return new(Outcome.NotAuthorised, (w, e) => w.State.Peek<Organisation>(
            EntityKind.Organisation, ByteString.CopyFromUtf8(e.Organisation))!.Roles.Clear());
        yield return new(Outcome.KeyNotOfActor, (_, e) => e.KeyIds[0] = KeyOf("hospital-2"), "own key");
        yield return new(Outcome.KeyRevoked, (w, e) => w.Key(e.Organisation).ValidUntil = 1, "own key");
        yield return new(Outcome.PractitionerUnknown, (_, e) => e.AuthorId = Id("nobody"), "author");
        yield return new(Outcome.TimeInFuture, (w, e) => e.TimeMs = w.Now + (6 * Minute), "time");
        yield return side
            ? new(Outcome.HeadUnknown, (_, e) => e.PreviousEventId = Hash("none"))
            : new(Outcome.Stale, (_, e) => e.PreviousEventId = Hash("none"));
        yield return new(Outcome.NotFound, (w, _) => w.Stored.Status = PrescriptionStatus.Unspecified, "status");
        if (!side) yield return Full;
        if (good.ActCase == Event.ActOneofCase.RecordSupply) yield break;
        yield return new(Outcome.TimeTooOld, (w, e) => e.TimeMs = w.Now - (16 * Minute), "time");
        // A side act that cites nothing known has no predecessor.
        if (side) yield break;
        yield return new(Outcome.TimeBeforePredecessor, (w, e) => e.TimeMs = w.Stored.LastActMs - 1, "time");
    }

    /// <summary>What can be wrong with the practitioner who signs.</summary>
    public static IEnumerable<Fault> OfSigner(string name) =>
    [
        new(Outcome.KeyNotOfActor, (_, e) => e.KeyIds[1] = KeyOf("dr-wilson"), "key"),
        new(Outcome.KeyRevoked, (w, _) => w.Key(name).ValidFrom = 9_999, "key"),
        new(Outcome.CustodyTooWeak, (w, _) => w.Policy.LeastCustody = Custody.Card),
        new(Outcome.PractitionerSuspended, (w, _) => w.Practitioner(name).Suspended = true),
        new(Outcome.PractitionerNotAtOrganisation, (w, _) => w.Practitioner(name).Organisations.Clear()),
        new(Outcome.ProfessionNotAllowed, (w, _) =>
            w.Practitioner(name).Profession = (Profession)(3 - (int)w.Practitioner(name).Profession)),
    ];

    /// <summary>The prescription is finished.</summary>
    public static Fault[] Finished =>
    [
        new(Outcome.Cancelled, (w, _) => w.Stored.Status = PrescriptionStatus.Cancelled, "status"),
        new(Outcome.Completed, (w, _) => w.Stored.Status = PrescriptionStatus.Completed, "status"),
        new(Outcome.Rejected, (w, _) => w.Stored.Status = PrescriptionStatus.Rejected, "status"),
        new(Outcome.Expired, (w, _) => (w.Stored.Status, w.Stored.NotAfterMs) = (PrescriptionStatus.Active, 1), "status"),
    ];

    public static Fault NotIssuer { get; } = new(Outcome.NotIssuer, (w, _) => w.Stored.Issuer = "hospital-2");

    public static Fault NotHolder { get; } = new(Outcome.NotHolder, (w, _) => w.Stored.Holder = "pharmacy-b");

    public static Fault Pending { get; } = new(Outcome.CancellationPending, (w, _) => w.Stored.CancellationPending = true);

    public static Fault Query { get; } = new(Outcome.QueryOpen, (w, _) => w.Stored.QueryOpen = true);

    public static Fault Held { get; } = new(Outcome.Held, (w, _) => w.Stored.Hold = new HoldState { UntilMs = w.Now + 1 });

    /// <summary>Another token; or the one before.</summary>
    public static Fault[] Token(Func<Event, TokenAuthority> read) =>
    [
        new(Outcome.TokenInvalid, (_, e) => read(e).TokenKey = PublicKey("another"), "token"),
        new(Outcome.TokenReplaced, (w, e) =>
        {
            w.Stored.OldTokens.Add(new OldToken { TokenKey = PublicKey("old"), UntilMs = 1 });
            read(e).TokenKey = PublicKey("old");
        }, "token"),
    ];

    /// <summary>The chain of acts is full.</summary>
    private static Fault Full { get; } = new(Outcome.LimitReached, (w, e) =>
    {
        while (w.Stored.Acts.Count < MaxActs) w.Stored.Acts.Add(w.Stored.Acts[^1].Clone());
        e.Sequence = MaxActs + 1;
    });
}
