using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Node = RxChain.Ledger.Tests.Contract.SmallWorld.Node;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Nobody is stuck, and a rightful dispense is stopped by few things only.</summary>
public class WayOutTests
{
    private static readonly Lazy<IReadOnlyCollection<Node>> Nodes = new(SmallWorld.Explore);

    [Fact]
    public void Acts_FromEveryOpenState_LeadToTheEnd()
    {
        // Without waiting for anything: a lapse is no way out.
        HashSet<Node> supplied = LeadingTo(node => IsSupplied(node.World));
        HashSet<Node> cancelled = LeadingTo(node => node.World.Status == PrescriptionStatus.Cancelled);
        Node[] open = [.. Nodes.Value.Where(node => IsOpen(node.World))];
        Assert.NotEmpty(open);
        Assert.All(open, node => Assert.True(cancelled.Contains(node), $"cannot be cancelled: {node}"));
        foreach (Node node in open)
            Assert.True(node.World.Stored.CancellationPending || supplied.Contains(node), $"cannot be supplied: {node}");
    }

    [Fact]
    public void Dispense_ByTheHolder_IsStoppedByFourThingsOnly()
    {
        Node[] claimed = [.. Nodes.Value.Where(node => node.World.Status == PrescriptionStatus.Claimed)];
        var seen = claimed.Select(node => (Expected(node.World), Actual: Dispensed(node), node)).ToArray();
        Assert.All(seen, s => Assert.True(s.Item1 == s.Actual, $"{s.Actual}, not {s.Item1}: {s.node}"));
        Assert.Equal(5, seen.Select(s => s.Actual).Distinct().Count());
    }

    [Fact]
    public void Lapse_OfAClaim_LeavesNoHolder()
    {
        Node[] lapsed = [.. Nodes.Value.SelectMany(node => node.Next).Where(n => n.Move == SmallWorld.Lapse).Select(n => n.Node)];
        Assert.NotEmpty(lapsed);
        Assert.All(lapsed, node => Assert.NotEqual(PrescriptionStatus.Claimed, node.World.Status));
    }

    private static Outcome Expected(World world)
    {
        Prescription stored = world.Stored;
        if (stored.Hold is { } hold && hold.UntilMs > world.Now) return Outcome.Held;
        if (stored.CancellationPending) return Outcome.CancellationPending;
        if (stored.QueryOpen) return Outcome.QueryOpen;
        return stored.Approvals.Count < 2 ? Outcome.ReviewMissing : Outcome.Accepted;
    }

    private static Outcome Dispensed(Node node)
    {
        World world = SmallWorld.After(node.Path)!;
        string holder = world.Stored.Holder;
        return world.Do(world.DispenseAt(holder, "pharmacist-" + holder[^1], World.Item(0, 1)));
    }

    private static bool IsOpen(World world) =>
        world.Status is PrescriptionStatus.Issued or PrescriptionStatus.Active or PrescriptionStatus.Claimed;

    private static bool IsSupplied(World world) =>
        world.Status == PrescriptionStatus.Completed && world.Stored.Lines[0].Remaining == 0;

    /// <summary>States from which acts lead to such a state.</summary>
    private static HashSet<Node> LeadingTo(Predicate<Node> isEnd)
    {
        var leading = new HashSet<Node>(Nodes.Value.Where(node => isEnd(node)));
        for (int before = 0; before != leading.Count;)
        {
            before = leading.Count;
            foreach (Node node in Nodes.Value)
                if (node.Next.Any(n => n.Move != SmallWorld.Lapse && leading.Contains(n.Node))) leading.Add(node);
        }
        return leading;
    }
}
