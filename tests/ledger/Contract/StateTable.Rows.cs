using Google.Protobuf;
using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The lifecycle acts, by each who may try. A holds the claim, or held it; B is another pharmacy.</summary>
internal static partial class StateTable
{
    private const string A = "A";
    private const string B = "B";
    private const string Issuer = "issuer";
    private const string OtherHospital = "other hospital";
    private const string Patient = "patient";

    /// <summary>Rows of the tables: the act, who does it, and the event.</summary>
    public static readonly (string Act, string By, Func<World, Event> Event)[] Rows =
    [
        ("Issue", Issuer, Issue),
        ("Issue that replaces it", Issuer, Replacing),
        ("Issue that replaces it", OtherHospital, w => ByOtherHospital(Replacing(w))),
        ("Issue that covers it", "any hospital", w => Changed(Covering(w), e => e.PrescriptionId = Id("covering too"))),
        ("Review: approve", "hospital", w => w.WardReview(Verdict.Approve)),
        ("Review: approve", A, w => w.Review(Verdict.Approve)),
        ("Review: approve", B, w => ByB(w.Review(Verdict.Approve))),
        ("Review: query", A, w => w.Review(Verdict.Query)),
        ("Review: query", B, w => ByB(w.Review(Verdict.Query))),
        ("Review: reject", A, w => w.Review(Verdict.Reject)),
        ("Review: reject", B, w => ByB(w.Review(Verdict.Reject))),
        ("Confirm", "the prescriber", w => w.Confirm()),
        ("Confirm", "another prescriber", w => Changed(w.Confirm(), e => Sign(e, "dr-wilson"))),
        ("Claim: token", A, w => w.Claim()),
        ("Claim: token", B, w => w.Claim("pharmacy-b")),
        ("Claim: nominee", "A, nominated", w => w.ClaimAsNominee("pharmacy-a")),
        ("Claim: nominee", B, w => w.ClaimAsNominee("pharmacy-b")),
        ("Claim: presence", B, w => w.ClaimByPresence("pharmacy-b")),
        ("Claim: override", B, w => w.ClaimByOverride("pharmacy-b")),
        ("ExtendClaim", A, w => w.Extend()),
        ("ExtendClaim", B, w => w.Extend("pharmacy-b")),
        ("ReturnClaim", A, w => w.Return()),
        ("ReturnClaim", B, w => w.Return("pharmacy-b")),
        ("Dispense: 4 units", A, w => w.Dispense(4)),
        ("Dispense: 4 units", B, w => ByB(w.Dispense(4))),
        ("Dispense: 10 units", A, w => w.Dispense(10)),
        ("Close", A, w => w.Close()),
        ("Close", B, w => ByB(w.Close())),
        ("Cancel", Issuer, w => w.Cancel()),
        ("Cancel", OtherHospital, w => ByOtherHospital(w.Cancel())),
        ("Cancel", Patient, w => w.PatientCancel()),
        ("RecordSupply: 4 units", "A, of its claim", w => w.RecordSupply(Claimed(w), Item(0, 4))),
        ("RecordSupply: 4 units", B, w => ByB(w.RecordSupply(w.Now, Item(0, 4)))),
        ("RecordSupply: 4 units", "B, with token", w => WithToken(ByB(w.RecordSupply(w.Now, Item(0, 4))))),
        ("EmergencySupply", A, w => w.EmergencySupply(Item(0, 4))),
        ("Correct", A, w => w.Correct(Supply(w))),
        ("Correct", B, w => ByB(w.Correct(Supply(w)))),
        ("Reverse: not handed over", A, w => w.Reverse(Kind.NotHandedOver, Supply(w))),
        ("Reverse: returned", A, w => w.Reverse(Kind.Returned, Supply(w))),
        ("Reverse: returned", B, w => ByB(w.Reverse(Kind.Returned, Supply(w)))),
        ("ReplaceToken", Issuer, w => w.ReplaceToken()),
        ("ReplaceToken", OtherHospital, w => ByOtherHospital(w.ReplaceToken())),
        ("BindToken", Patient, w => w.BindToken("pharmacy-b")),
        .. SideRows,
    ];

    private static Event Replacing(World world) => Changed(Issue(world), e =>
    {
        e.PrescriptionId = Id("replacing");
        e.Issue.Replaces = world.Rx;
    });

    private static Event ByB(Event e) => Changed(e, c =>
    {
        ActAs(c, "pharmacy-b");
        if (!c.ResponsibleId.IsEmpty) Sign(c, "pharmacist-b");
    });

    private static Event ByOtherHospital(Event e) => Changed(e, c =>
    {
        ActAs(c, "hospital-2");
        if (!c.ResponsibleId.IsEmpty) Sign(c, "dr-wilson");
    });

    private static Event WithToken(Event e) => Changed(e, c => c.RecordSupply.Token = Token());

    /// <summary>When A took its claim; now, if it never did.</summary>
    private static long Claimed(World world) => world.Stored switch
    {
        { PastClaims.Count: > 0 } ended => ended.PastClaims[0].FromMs,
        { ClaimFromMs: > 0 } claimed => claimed.ClaimFromMs,
        _ => world.Now,
    };

    private static ByteString Supply(World world) => world.Stored?.Supplies.LastOrDefault()?.EventId ?? Hash("no supply");
}
