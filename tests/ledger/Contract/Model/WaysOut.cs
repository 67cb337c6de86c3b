using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>Looks for a way on from a prescription that is stuck, over what sensible people would do.</summary>
internal static class WaysOut
{
    private const int MostStates = 400;

    /// <summary>A branch of the world, and how it came about.</summary>
    private sealed record Node(World World, string Way);

    /// <summary>A way to where a rightful pharmacy can dispense, or null. Nobody cancels and nothing expires.</summary>
    public static string? ToDispensing(World world) =>
        Find(world, w => RightfulDispense.Of(w) is { } dispense && w.Ask(dispense) == Outcome.Accepted, _ => false);

    /// <summary>A way to a finished status, or null.</summary>
    public static string? ToTheEnd(World world) => Find(world, IsFinished, _ => true);

    /// <summary>Whether nothing but time is needed for a finished status.</summary>
    public static bool EndsByItself(World world)
    {
        World later = world.Branch();
        later.Now = Math.Max(Math.Max(world.Now, world.Stored.NotAfterMs), world.Stored.ClaimUntilMs);
        return IsFinished(later);
    }

    public static bool IsFinished(World world) => world.Status
        is PrescriptionStatus.Completed or PrescriptionStatus.Cancelled or PrescriptionStatus.Rejected or PrescriptionStatus.Expired;

    private static string? Find(World from, Predicate<World> isGoal, Predicate<World> mayEnd)
    {
        var seen = new HashSet<string>();
        var open = new Queue<Node>([new Node(from.Branch(), "")]);
        while (open.TryDequeue(out Node? node) && seen.Count < MostStates)
        {
            if (isGoal(node.World)) return node.Way.Length == 0 ? "at once" : node.Way;
            if (!seen.Add(Key(node.World)) || IsFinished(node.World)) continue;
            foreach (Node next in Sensible.Acts(node.World).Concat(mayEnd(node.World) ? Sensible.Ends(node.World) : [])
                .Select(act => Branch(node, act.Name, act.Event)).OfType<Node>())
                open.Enqueue(next);
            foreach ((string name, long until) in Sensible.Waits(node.World, mayEnd(node.World))) open.Enqueue(Wait(node, name, until));
        }
        return null;
    }

    private static string Key(World world)
    {
        Prescription rx = world.Stored;
        bool held = rx.Hold?.UntilMs > world.Now;
        string suspended = string.Join(' ', Network.People.Keys.Where(p => world.Practitioner(p).Suspended));
        return $"{world.Now} {world.Status} {rx.Holder} {rx.QueryOpen} {rx.CancellationPending} {held} {rx.Approvals.Count} "
            + $"{rx.TokenKey.IsEmpty} {rx.BoundPharmacy} {suspended} {Sensible.PredecessorStatus(world)}";
    }

    private static Node? Branch(Node from, string name, Event e)
    {
        World world = from.World.Branch();
        return world.Do(e) == Outcome.Accepted ? new Node(world, $"{from.Way}{name}, ") : null;
    }

    private static Node Wait(Node from, string name, long until)
    {
        World world = from.World.Branch();
        world.Now = until;
        return new Node(world, $"{from.Way}{name}, ");
    }
}
