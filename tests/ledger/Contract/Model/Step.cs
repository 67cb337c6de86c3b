namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>What somebody wants to do next. The first members are acts; the last ones happen to the network.</summary>
internal enum StepKind
{
    /// <summary>Whatever its members would do next with that prescription.</summary>
    Next,
    Issue, IssueInGroup, IssueReplacing, IssueCovering,
    Approve, Query, Reject, Confirm,
    ClaimByToken, ClaimAsNominee, ClaimByPresence, ClaimByOverride,
    Extend, Return, Dispense, Close, Cancel, PatientCancel,
    RecordSupply, RecordSupplyByToken, Emergency, Correct, ReverseNotHandedOver, ReverseReturned,
    ReplaceToken, BindToken,
    Settle, Adjust, Hold, Lift,
    OpenDispute, PatientDispute, Withdraw, ExtendDispute, Resolve, Evidence,
    Access, Consent, WithdrawConsent, Erase, EraseByOrder,
    Register, Suspend, Reinstate,
    Again, ExchangePackKey, RevokeKey, RemoveMember,
}

/// <summary>One step in small numbers; 0 is the usual choice, so that shrinking leaves what matters.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Rx">Which prescription, among those for which it makes sense; from 10 on: whichever it is.</param>
/// <param name="Who">0: who should do it.</param>
/// <param name="N">Amount, or another detail.</param>
/// <param name="M">Another detail.</param>
/// <param name="Wait">How long before it; see <see cref="Waits"/>.</param>
/// <param name="Wrong">0: nothing else is wrong with it; see <see cref="Spoiler"/>.</param>
internal sealed record Step(StepKind Kind, int Rx, int Who, int N, int M, int Wait, int Wrong)
{
    public override string ToString() => $"{Kind}(rx {Rx}, who {Who}, n {N}, m {M}, wait {Wait}, wrong {Wrong})";
}

/// <summary>Settings of the network, in small numbers; 0 is the mildest.</summary>
internal sealed record Settings(int Reviews, int LateReviews, int Packs, int Claims, int Custody, int Lists, int Periods);

/// <summary>A network and what happens in it.</summary>
internal sealed record History(Settings Settings, Step[] Steps)
{
    public override string ToString() => $"{Settings}{string.Concat(Steps.Select(s => "\n  " + s))}";
}

/// <summary>How time passes between two steps.</summary>
internal static class Waits
{
    public const int ToNextMoment = 8, ToJustBeforeNextMoment = 9, Count = 10;

    private static readonly long[] Times =
    [
        0, 1, World.Minute, 4 * World.Minute, 20 * World.Minute, World.Hour, 3 * World.Hour, 13 * World.Hour,
    ];

    /// <summary>The new ledger time. "Next moment" is when something begins or ends by itself.</summary>
    public static long After(long now, int wait, IEnumerable<long> moments)
    {
        if (wait < Times.Length) return now + Times[wait];
        long next = moments.Where(t => t > now).DefaultIfEmpty(now + 1).Min();
        return wait == ToNextMoment ? next : next - 1;
    }
}
