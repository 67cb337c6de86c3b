using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The shortest way to each refusal.</summary>
public class OutcomeTests
{
    private static readonly Dictionary<Outcome, Func<World, Outcome>> Ways = new()
    {
        [Outcome.NotAuthorised] = w => w.Do(Changed(w.Issue(), e => e.Role = Role.Pharmacy)),
        [Outcome.KeyNotOfActor] = w => w.Do(Changed(w.Issue(), e => e.KeyIds[1] = World.KeyOf("dr-wilson"))),
        [Outcome.KeyRevoked] = w => With(w, () => w.Key("dr-house").ValidUntil = w.Leaf).Do(w.Issue()),
        [Outcome.CustodyTooWeak] = w => With(w, () => w.Policy.LeastCustody = Custody.Card).Do(w.Issue()),
        [Outcome.PractitionerUnknown] = w => w.Do(Changed(w.Issue(), e => e.AuthorId = World.Id("nobody"))),
        [Outcome.PractitionerSuspended] = w => w.Done(w.Suspend("dr-house")).Do(w.Issue()),
        [Outcome.PractitionerNotAtOrganisation] = w => w.Do(Changed(w.Issue(), e => e.AuthorId = World.Id("pharmacist-b"))),
        [Outcome.ProfessionNotAllowed] = w => w.Do(Changed(w.Issue(), e => Sign(e, "ward-pharmacist"))),
        [Outcome.TimeInFuture] = w => w.Do(Changed(w.Issue(), e => e.TimeMs += 6 * World.Minute)),
        [Outcome.TimeTooOld] = w => w.Do(Changed(w.Issue(), e => e.TimeMs -= 16 * World.Minute)),
        [Outcome.NotFound] = w => w.Do(w.Claim()),
        [Outcome.AlreadyExists] = w => w.Done(w.Issue()).Do(w.Issue()),
        [Outcome.Stale] = w => w.Done(w.Issue()).Do(Changed(w.Claim(), e => e.Sequence++)),
        [Outcome.TimeBeforePredecessor] = w => w.Done(w.Issue()).Do(Changed(w.Claim(), e => e.TimeMs--)),
        [Outcome.NotIssuer] = w => w.Done(w.Issue()).Do(Changed(w.Cancel(), e => ActAs(e, "hospital-2"))),
        [Outcome.TokenInvalid] = w => w.Done(w.Issue()).Do(w.Claim(), tokenValid: false),
        [Outcome.ClaimedByAnother] = w => w.Done(w.Issue()).Done(w.Claim()).Do(w.Claim("pharmacy-b")),
        [Outcome.NotHolder] = w => w.Done(w.Issue()).Do(w.Dispense(1)),
        [Outcome.Cancelled] = w => w.Done(w.Issue()).Done(w.Cancel()).Do(w.Claim()),
        [Outcome.Completed] = w => w.Done(w.Issue()).Done(w.Claim()).Done(w.Close()).Do(w.Claim()),
        [Outcome.Rejected] = w => Reviewed(w, Verdict.Reject).Do(w.Claim()),
        [Outcome.Expired] = w => With(w.Done(w.Issue()), () => w.Now += World.Day).Do(w.Claim()),
        [Outcome.WrongState] = w => w.Done(w.Issue()).Done(w.Claim()).Do(w.Claim()),
        [Outcome.NotYetValid] = w => w.Done(Changed(w.Issue(), e => e.Issue.NotBeforeMs++)).Do(w.Claim()),
        [Outcome.CancellationPending] = w => w.Done(w.Issue()).Done(w.Claim()).Done(w.Cancel()).Do(w.Dispense(1)),
        [Outcome.QueryOpen] = w => Reviewed(w, Verdict.Query).Do(w.WardReview(Verdict.Approve)),
        [Outcome.NoQuery] = w => w.Done(w.Issue()).Do(w.Confirm()),
        [Outcome.ReviewMissing] = w => With(w, () => w.Policy.ApprovalsBeforeClaim = 1).Done(w.Issue()).Do(w.Claim()),
        [Outcome.ReviewerNotIndependent] = w =>
            With(w, () => w.Policy.ApprovalsBeforeClaim = 2).Done(w.Issue()).Done(w.WardReview(Verdict.Approve))
                .Do(w.WardReview(Verdict.Approve)),
        [Outcome.PredecessorUnfinished] = w => w.Done(Repeat(w.Issue(), 1, "rx-0")).Do(w.Claim()),
        [Outcome.GroupMismatch] = w => With(w.Done(Repeat(w.Issue(), 1)), () => w.Rx = World.Id("rx-2"))
            .Do(Changed(Repeat(w.Issue(), 2), e => e.Issue.Group.Of++)),
        [Outcome.LineUnknown] = w => w.Done(w.Issue()).Done(w.Claim()).Do(w.Dispense(World.Item(1, 1))),
        [Outcome.SubstitutionForbidden] = w =>
            w.Done(Changed(w.Issue(), e => e.Issue.Lines[0].SubstitutionForbidden = true)).Done(w.Claim())
                .Do(Changed(w.Dispense(1), e => e.Dispense.Items[0].SubstitutionCode = 1)),
        [Outcome.UnitsExceeded] = w => w.Done(w.Issue(10)).Done(w.Claim()).Do(w.Dispense(11)),
        [Outcome.PackCodeMissing] = w =>
            With(w, () => w.Policy.PackCodesMandatory = true).Done(w.Issue()).Done(w.Claim()).Do(w.Dispense(1)),
        [Outcome.PackAlreadyUsed] = w => w.Done(w.Issue()).Done(w.Claim())
            .Do(w.Dispense(World.Item(0, 2, World.Pack("p", 30, 30), World.Pack("p", 30, 30)))),
        [Outcome.WindowTooLong] = w => With(w, () => w.Policy.LongestWindowMs = World.Hour).Do(w.Issue()),
        [Outcome.LimitReached] = w => Extended(w.Done(w.Issue()).Done(w.Claim()), 998).Do(w.Extend()),
    };

    public static TheoryData<Outcome> Refusals => [.. Enum.GetValues<Outcome>().Where(o => (int)o >= 100)];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Apply_ShortestWay_IsRefusedWithOutcome(Outcome refusal) =>
        Assert.Equal(refusal, Ways[refusal](new World()));

    [Fact]
    public void Apply_ManyActs_AreAcceptedUpToTheLimit() =>
        Assert.Equal(1_000, Extended(Claimed(), 998).Stored.Acts.Count);

    private static World Claimed()
    {
        var world = new World();
        return world.Done(world.Issue()).Done(world.Claim());
    }

    internal static Event Changed(Event e, Action<Event> change)
    {
        change(e);
        return e;
    }

    internal static void Sign(Event e, string practitioner) =>
        (e.ResponsibleId, e.KeyIds[1]) = (World.Id(practitioner), World.KeyOf(practitioner));

    internal static void ActAs(Event e, string organisation) =>
        (e.Organisation, e.KeyIds[0]) = (organisation, World.KeyOf(organisation));

    internal static Event Repeat(Event issue, uint number, string? after = null) => Changed(issue, e =>
        e.Issue.Group = new Group
        {
            GroupId = World.Id("group"),
            Number = number,
            Of = 3,
            AfterId = after is null ? ByteString.Empty : World.Id(after),
        });

    private static World With(World world, Action change)
    {
        change();
        return world;
    }

    private static World Reviewed(World world, Verdict verdict)
    {
        world.Policy.ApprovalsBeforeClaim = 1;
        return world.Done(world.Issue()).Done(world.WardReview(verdict));
    }

    private static World Extended(World world, int times)
    {
        for (int i = 0; i < times; i++) world.Done(world.Extend());
        return world;
    }
}
