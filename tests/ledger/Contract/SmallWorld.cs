using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>All that can become of one prescription of two units, by a few acts, as a graph. What is left out, such as
/// tokens and disputes, stops no dispense.</summary>
internal sealed class SmallWorld
{
    /// <summary>Acts, and the one thing that time does.</summary>
    public const string Lapse = "lapse";

    private static readonly (string Name, Func<World, Event?> Act)[] Moves =
    [
        ("ward approves", w => w.WardReview(Verdict.Approve)),
        ("ward asks", w => w.WardReview(Verdict.Query)),
        ("ward rejects", w => w.WardReview(Verdict.Reject)),
        ("A approves", w => w.Review(Verdict.Approve)),
        ("A asks", w => w.Review(Verdict.Query)),
        ("A rejects", w => w.Review(Verdict.Reject)),
        ("B approves", w => w.Review(Verdict.Approve, "pharmacy-b", "pharmacist-b")),
        ("prescriber confirms", w => w.Confirm()),
        ("A claims", w => w.Claim()),
        ("B claims", w => w.Claim("pharmacy-b")),
        ("A returns", w => w.Return()),
        ("B returns", w => w.Return("pharmacy-b")),
        ("A dispenses", w => w.Dispense(1)),
        ("B dispenses", w => w.DispenseAt("pharmacy-b", "pharmacist-b", Item(0, 1))),
        ("A closes", w => w.Close()),
        ("A records a supply", w => Changed(w.RecordSupply(w.Now, Item(0, 1)), e => e.RecordSupply.Token = Token())),
        ("A takes back", w => w.Stored.Supplies.LastOrDefault(s => s.Dispenser == "pharmacy-a" && !s.Items[0].Reversed) is { } s
            ? w.Reverse(Reverse.Types.Kind.Returned, s.EventId)
            : null),
        ("hospital cancels", w => w.Cancel()),
        ("regulator holds", w => w.Hold(w.Now + Hour)),
        ("regulator lifts", w => w.LiftHold()),
    ];

    private readonly Dictionary<string, Node> nodes = [];

    /// <summary>Every state that can be reached, each once.</summary>
    public static IReadOnlyCollection<Node> Explore()
    {
        var graph = new SmallWorld();
        var open = new Queue<Node>();
        graph.Enter([], open);
        while (open.TryDequeue(out Node? node))
        {
            foreach (string move in Moves.Select(m => m.Name).Append(Lapse))
                if (graph.Enter([.. node.Path, move], open) is { } next && next != node) node.Next.Add((move, next));
        }
        return graph.nodes.Values;
    }

    /// <summary>The world after a path of moves; null when the last one is refused.</summary>
    public static World? After(IEnumerable<string> path)
    {
        var world = new World();
        (world.Policy.ApprovalsBeforeClaim, world.Policy.ApprovalsBeforeDispense) = (1, 2);
        world.Done(Changed(world.Issue(2), e => e.Issue.NotAfterMs += 20 * Day));
        return path.All(move => Do(world, move)) ? world : null;
    }

    private static bool Do(World world, string move)
    {
        // Each act has its own moment.
        world.Now++;
        if (move != Lapse)
            return Moves.Single(m => m.Name == move).Act(world) is { } act && world.Do(act) == Outcome.Accepted;
        if (world.Status != PrescriptionStatus.Claimed) return false;
        world.Now = world.Stored.ClaimUntilMs;
        return true;
    }

    private Node? Enter(string[] path, Queue<Node> open)
    {
        if (After(path) is not { } world) return null;
        string key = KeyOf(world);
        if (nodes.TryGetValue(key, out Node? known)) return known;
        Node node = nodes[key] = new Node(path, world);
        open.Enqueue(node);
        return node;
    }

    /// <summary>What decides about the future. Times are left out: a path is far shorter than the window.</summary>
    private static string KeyOf(World world)
    {
        Prescription stored = world.Stored;
        int mine = stored.Supplies.Count(s => s.Dispenser == "pharmacy-a" && !s.Items[0].Reversed);
        bool claimed = world.Status == PrescriptionStatus.Claimed;
        bool held = stored.Hold is { } hold && hold.UntilMs > world.Now;
        return string.Join(' ', world.Status, claimed ? stored.Holder : "", claimed && stored.CancellationPending,
            stored.QueryOpen, held, stored.Lines[0].Remaining, Math.Min(mine, 2),
            string.Concat(stored.Approvals.Select(a => a.ToBase64())));
    }

    /// <summary>A state, the shortest way to it, and where each move leads.</summary>
    internal sealed record Node(string[] Path, World World)
    {
        public List<(string Move, Node Node)> Next { get; } = [];

        public bool Equals(Node? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        public override string ToString() => string.Join(", ", Path);
    }
}
