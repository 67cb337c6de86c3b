using RxChain.Ledger;

namespace RxChain.SystemTests.Faults;

/// <summary>The checker itself: it takes what can be, and finds what cannot.</summary>
public sealed class LinearizabilityTests
{
    private static readonly Hash32 Issue = Id(1), ClaimA = Id(2), ClaimB = Id(3), Dispense = Id(4);

    [Fact]
    public void OneAfterTheOther_Holds() => Assert.True(Linearizability.Holds(
    [
        Done(Issue, 1, default, 0, 1, Answer.Accepted), Done(ClaimA, 2, Issue, 2, 3, Answer.Accepted), Done(Dispense, 3, ClaimA, 4, 5, Answer.Accepted),
    ]));

    [Fact]
    public void Race_OneStale_Holds() => Assert.True(Linearizability.Holds(
    [
        Done(Issue, 1, default, 0, 1, Answer.Accepted), Done(ClaimA, 2, Issue, 2, 9, Answer.Accepted), Done(ClaimB, 2, Issue, 3, 4, Answer.Stale),
    ]));

    [Fact]
    public void Race_BothAccepted_DoesNot() => Assert.False(Linearizability.Holds(
    [
        Done(Issue, 1, default, 0, 1, Answer.Accepted), Done(ClaimA, 2, Issue, 2, 9, Answer.Accepted), Done(ClaimB, 2, Issue, 3, 4, Answer.Accepted),
    ]));

    [Fact]
    public void Race_BothStale_DoesNot() => Assert.False(Linearizability.Holds(
    [
        Done(Issue, 1, default, 0, 1, Answer.Accepted), Done(ClaimA, 2, Issue, 2, 9, Answer.Stale), Done(ClaimB, 2, Issue, 3, 4, Answer.Stale),
    ]));

    [Fact]
    public void Unanswered_MayHaveTakenEffectOrNot()
    {
        Assert.True(Linearizability.Holds([Done(Issue, 1, default, 0, 1, Answer.Accepted), Open(ClaimA, 2, Issue, 2), Done(ClaimB, 2, Issue, 3, 4, Answer.Stale)]));
        Assert.True(Linearizability.Holds([Done(Issue, 1, default, 0, 1, Answer.Accepted), Open(ClaimA, 2, Issue, 2), Done(ClaimB, 2, Issue, 3, 4, Answer.Accepted)]));
        Assert.True(Linearizability.Holds([Open(Issue, 1, default, 0), Done(ClaimA, 2, Issue, 2, 3, Answer.Accepted)]));
    }

    [Fact]
    public void TakenEffectBeforeItWasSubmitted_DoesNot()
    {
        Assert.False(Linearizability.Holds([Done(ClaimA, 2, Issue, 0, 1, Answer.Accepted), Done(Issue, 1, default, 2, 3, Answer.Accepted)]));
        Assert.False(Linearizability.Holds([Done(Issue, 1, default, 0, 1, Answer.Accepted), Done(ClaimB, 2, Issue, 2, 3, Answer.Stale), Open(ClaimA, 2, Issue, 4)]));
    }

    // Issue is leaf 4, the refused claim leaf 5, the other claim leaf 7.
    [Theory]
    [InlineData(5, 5, 1, true)]
    [InlineData(7, 0, 1, true)]
    [InlineData(8, 8, 2, true)]
    [InlineData(8, 8, 1, false)]
    [InlineData(7, 0, 2, false)]
    [InlineData(7, 0, 3, false)]
    [InlineData(7, 8, 1, false)]
    public void Reading_IsWhatTheLogHadAtItsSize(long size, long atLeast, byte head, bool holds)
    {
        Act[] acts = [Done(Issue, 1, default, 0, 1, Answer.Accepted), Done(ClaimA, 2, Issue, 2, 9, Answer.Accepted), Done(ClaimB, 2, Issue, 3, 4, Answer.Stale)];
        var course = new Course(acts, [new Reading(Id(head), size, atLeast)]);
        Assert.Equal(holds, course.FirstFalse(id => id == Issue ? 4 : id == ClaimA ? 7 : null) is null);
    }

    [Fact]
    public void LostAfterItsAnswer_DoesNot() => Assert.False(Linearizability.Holds(
    [
        Done(Issue, 1, default, 0, 1, Answer.Accepted), Done(ClaimA, 2, Issue, 2, 3, Answer.Accepted), Done(ClaimB, 2, Issue, 4, 5, Answer.Accepted),
    ]));

    private static Hash32 Id(byte number) => Hash32.Sha256([number]);

    private static Act Open(Hash32 id, uint sequence, Hash32 previous, long invoked) => new(id, sequence, previous, invoked);

    private static Act Done(Hash32 id, uint sequence, Hash32 previous, long invoked, long returned, Answer answer)
    {
        var act = Open(id, sequence, previous, invoked);
        act.Return(answer, returned);
        return act;
    }
}
