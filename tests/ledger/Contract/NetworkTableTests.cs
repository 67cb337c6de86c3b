using Google.Protobuf;
using RxChain.Ledger.Tests.Format;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The acts about the network in every state of a proposal.</summary>
public class NetworkTableTests
{
    private static readonly string[] States = ["none", "open", "voted", "lapsed", "closing", "in force", "rejected", "failed"];
    private static readonly Propose Leaving = World.Remove("insurer");

    internal static readonly (string Act, string By, Func<World, Event> Event)[] Rows =
    [
        ("Propose", "validator", w => w.Propose(Leaving, "pharmacy-a")),
        ("Propose", "another member", w => w.Propose(Leaving, "hospital-2")),
        ("Propose", "who leaves", w => w.Propose(Leaving, "insurer")),
        ("Vote approves", "the hospital", w => w.Vote(IdIn(w), "hospital")),
        ("Vote approves", "another validator", w => w.Vote(IdIn(w), "pharmacy-b")),
        ("Vote rejects", "the hospital", w => w.Vote(IdIn(w), "hospital", Ballot.Reject)),
        ("Vote rejects", "another validator", w => w.Vote(IdIn(w), "pharmacy-b", Ballot.Reject)),
        ("Vote approves", "another member", w => w.Vote(IdIn(w), "hospital-2")),
        ("Vote approves", "who leaves", w => w.Vote(IdIn(w), "insurer")),
    ];

    [Fact]
    public void Apply_EveryActAboutTheNetwork_HasTheOutcomeOfTheTable()
    {
        List<string[]> actual = [["Act", "By", .. States]];
        foreach (var row in Rows) actual.Add([row.Act, row.By, .. States.Select(state => Cell(state, row.Event))]);
        if (VectorFile.Rewrite) ContractPage.Write("network", actual);
        Assert.Equal(ContractPage.Table("network"), actual);
    }

    private static string Cell(string state, Func<World, Event> act)
    {
        World world = Reach(state);
        Event e = act(world);
        Outcome outcome = world.Do(e);
        if (outcome != Outcome.Accepted) return ContractPage.NameOf(outcome);
        Proposal proposal = world.Proposal(e.Vote?.ProposalId ?? World.IdOf(e));
        return $"{proposal.Status}, {proposal.Votes.Count} voted".ToLowerInvariant();
    }

    private static World Reach(string state)
    {
        var world = new World();
        if (state == "none") return world;
        ByteString id = world.Proposed(Leaving);
        ByteString? before = state == "failed" ? world.Proposed(Leaving, "hospital") : null;
        string[] voters = state switch
        {
            "voted" => ["hospital"],
            "closing" or "in force" or "failed" => ["hospital", "pharmacy-a", "regulator"],
            "rejected" => ["pharmacy-a", "regulator"],
            _ => [],
        };
        foreach (string voter in voters)
        {
            if (before is not null) world.Done(world.Vote(before, voter));
            world.Done(world.Vote(id, voter, state == "rejected" ? Ballot.Reject : Ballot.Approve));
        }
        if (state == "lapsed") world.Now = world.Proposal(id).UntilMs;
        if (state is "in force" or "failed") world.CloseBlock();
        return world;
    }

    /// <summary>The proposal of this world, or one that never was.</summary>
    private static ByteString IdIn(World world)
    {
        var first = new World();
        ByteString id = World.IdOf(first.Propose(Leaving));
        return world.State.Peek<Proposal>(EntityKind.Proposal, id) is null ? World.Hash("none") : id;
    }
}
