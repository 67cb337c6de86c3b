using RxChain.Ledger;

namespace RxChain.SystemTests.Faults;

/// <summary>What a client was told of an act.</summary>
internal enum Answer
{
    /// <summary>Nothing: it may have taken effect at any time since, or never.</summary>
    None,

    /// <summary>It took effect.</summary>
    Accepted,

    /// <summary>It did not follow the last act.</summary>
    Stale,
}

/// <summary>
/// One act as its client saw it: the place in the prescription's chain that it wants, when it was first submitted, and when
/// the answer came.
/// </summary>
internal sealed record Act(Hash32 Id, uint Sequence, Hash32 Previous, long Invoked)
{
    /// <summary>What came back.</summary>
    public Answer Answer { get; private set; }

    /// <summary>When it came back.</summary>
    public long Returned { get; private set; } = long.MaxValue;

    public void Return(Answer answer, long now) => (Answer, Returned) = (answer, now);
}

/// <summary>A prescription as a node showed it.</summary>
/// <param name="Head">The last act of its chain.</param>
/// <param name="Size">Leaves that the node had applied.</param>
/// <param name="AtLeast">Leaves that it must have applied: it had answered for an act before, as final.</param>
internal sealed record Reading(Hash32 Head, long Size, long AtLeast);

/// <summary>One prescription's acts, and what was read of it meanwhile.</summary>
internal sealed record Course(IReadOnlyList<Act> Acts, IReadOnlyCollection<Reading> Readings)
{
    /// <summary>
    /// Null when each reading is what the log had at its size, and no older than what the node had answered for. A node may lag.
    /// </summary>
    /// <param name="acceptedAt">The leaf of an act that was accepted; null for others.</param>
    public Reading? FirstFalse(Func<Hash32, long?> acceptedAt)
    {
        var chain = Acts.Select(act => (act.Id, Leaf: acceptedAt(act.Id))).Where(act => act.Leaf is not null).OrderBy(act => act.Leaf).ToArray();
        return Readings.FirstOrDefault(r => r.Size < r.AtLeast || chain.LastOrDefault(act => act.Leaf < r.Size).Id != r.Head);
    }
}

/// <summary>
/// Decides whether a history of one prescription is linearizable: whether there is one order of its acts, in which each takes
/// effect at one moment between its submission and its answer, that a chain of acts with compare-and-append would have
/// answered in the same way. A search in the manner of Wing and Gong, remembering where it has been.
/// </summary>
internal static class Linearizability
{
    /// <summary>Most acts of one prescription.</summary>
    public const int MaxActs = 63;

    public static bool Holds(IReadOnlyList<Act> acts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(acts.Count, MaxActs);
        return Search(acts, 0, 0, default, []);
    }

    private static bool Search(IReadOnlyList<Act> acts, long done, uint sequence, Hash32 head, HashSet<(long Done, Hash32 Head)> seen)
    {
        if (!seen.Add((done, head)))
            return false;
        // Nothing may come after the answer of an act that has not taken effect yet.
        long limit = long.MaxValue;
        bool open = false;
        for (int i = 0; i < acts.Count; i++)
        {
            if ((done >> i & 1) == 0)
            {
                limit = Math.Min(limit, acts[i].Returned);
                open |= acts[i].Answer != Answer.None;
            }
        }
        if (!open)
            return true;
        for (int i = 0; i < acts.Count; i++)
        {
            var act = acts[i];
            if ((done >> i & 1) != 0 || act.Invoked > limit)
                continue;
            bool follows = act.Sequence == sequence + 1 && act.Previous == head;
            long then = done | 1L << i;
            if (follows && act.Answer != Answer.Stale && Search(acts, then, sequence + 1, act.Id, seen))
                return true;
            if (!follows && act.Answer != Answer.Accepted && Search(acts, then, sequence, head, seen))
                return true;
        }
        return false;
    }
}
