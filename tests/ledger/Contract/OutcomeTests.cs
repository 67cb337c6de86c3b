using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The shortest way to each refusal.</summary>
public partial class OutcomeTests
{
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
