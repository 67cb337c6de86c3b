using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>How each state is reached; docs/CONTRACT.md says the same in words.</summary>
internal static partial class StateTable
{
    private const long Retention = 30 * Day;

    /// <summary>A small network with one prescription in this state.</summary>
    public static World Reach(string state) => state switch
    {
        "none" => Network(),
        "issued" => Then(Network(), Issue),
        "asked" => Then(Reach("issued"), w => w.WardReview(Verdict.Query)),
        "early" => Approved(Then(Network(), w => Changed(Issue(w), e => e.Issue.NotBeforeMs += Hour))),
        "behind" => Approved(Then(Network(), w => Repeat(Issue(w), 2, "another repeat"))),
        "active" => Approved(Reach("issued")),
        "shared" => Then(Reach("active"), w => w.GiveConsent("pharmacy-b", w.Now + Day)),
        "bound" => Then(Reach("active"), w => w.BindToken("pharmacy-b")),
        "held" => Then(Reach("active"), w => w.Hold(w.Now + Hour)),
        "claimed" => Then(Reach("active"), w => w.Claim()),
        "part" => Then(Reach("claimed"), w => Paid(w.Dispense(4))),
        "queried" => Then(Reach("claimed"), w => w.Review(Verdict.Query)),
        "unreviewed" => Unreviewed(Reach("claimed")),
        "pending" => Then(Reach("part"), w => w.Cancel()),
        "frozen" => Then(Reach("part"), w => w.Hold(w.Now + Hour)),
        "overdue" => Later(Then(Later(Reach("active"), Day - Minute), w => w.Claim()), Minute),
        "expired" => Later(Reach("active"), Day),
        "rejected" => Then(Reach("issued"), w => w.WardReview(Verdict.Reject)),
        _ => ReachEnd(state),
    };

    private static World ReachEnd(string state) => state switch
    {
        "lapsed" => Later(Reach("part"), 2 * Hour),
        "lapsed-pending" => Later(Reach("pending"), 2 * Hour),
        "lapsed-past" => Later(Reach("overdue"), 2 * Hour),
        "cancelled" => Later(Then(Then(Later(Reach("part"), Minute), w => w.Return()), w => w.Cancel()), Minute),
        "closed" => Then(Later(Reach("part"), Minute), w => w.Close()),
        "supplied" => Then(Later(Reach("claimed"), Minute), w => Paid(w.Dispense(10))),
        "settled" => Then(Reach("supplied"), w => w.Settle(w.LastSupply)),
        "disputed" => Then(Reach("supplied"), w => w.OpenDispute(w.LastSupply)),
        "reversed" => Then(Reach("supplied"), TakenBack),
        "recovery" => Then(Reach("settled"), TakenBack),
        "emergency" => Then(Network(), w =>
            Changed(w.EmergencySupply(Item(0, 4)), e => e.EmergencySupply.Payer = Insurer)),
        "covered" => Then(Reach("emergency"), Covering),
        "covering" => Other(Reach("covered")),
        "old" => Later(Reach("supplied"), Retention),
        "erased" => Then(Reach("old"), w => w.Erase()),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "unknown state"),
    };

    private static World Network()
    {
        var world = new World();
        world.AddMember("insurer-2", Role.Insurer);
        world.Policy.ApprovalsBeforeClaim = 1;
        world.Policy.ClaimOverrideAllowed = true;
        world.Policy.RetentionMs = Retention;
        return world;
    }

    private static Event Issue(World world) => Changed(world.Issue(10), e => e.Issue.Nominee = "pharmacy-a");

    private static Event Covering(World world) => Changed(Issue(world), e =>
    {
        e.PrescriptionId = Id("covering");
        e.Issue.Covers = world.Rx;
    });

    private static Event TakenBack(World world) => world.Reverse(Reverse.Types.Kind.Returned, world.LastSupply);

    private static Event Paid(Event e) => Changed(e, c => c.Dispense.Payer = Insurer);

    private static World Approved(World world) => Then(world, w => w.WardReview(Verdict.Approve));

    private static World Unreviewed(World world)
    {
        world.Policy.ApprovalsBeforeDispense = 2;
        return world;
    }

    private static World Other(World world)
    {
        world.Rx = Id("covering");
        return world;
    }

    private static World Then(World world, Func<World, Event> act) => world.Done(act(world));

    private static World Later(World world, long ms)
    {
        world.Now += ms;
        return world;
    }
}
