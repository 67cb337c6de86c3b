using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.SystemTests.Audit;

/// <summary>The auditor on ledgers whose members change.</summary>
public class MembersAuditTests
{
    [Fact]
    public void Verify_RandomChangesOfMembers_Verifies()
    {
        var members = new RandomMembers(7);
        for (int step = 0; step < 40; step++)
            members.Step();
        var report = MemoryTiles.Verify(SampleLedger.Files(members.Ledger.Leaves, members.Ledger.Checkpoint()));
        Assert.True(report.Finding is null, report.Finding?.ToString());
        Assert.True(report.Era!.Number > 1);
    }

    [Fact]
    public void Verify_PolicyOfAnEarlierEra_SaysSo()
    {
        var ledger = Changed();
        var report = MemoryTiles.Verify(SampleLedger.Files(ledger.Leaves, ledger.Checkpoint()));
        Assert.Equal((ExitCode.Verified, 2u, 3), (report.Exit, report.Era!.Number, report.Era.Validators.Count));
        Assert.Contains("your policy names the cosigners", report.Era.Mismatch, StringComparison.Ordinal);
        report = MemoryTiles.Verify(SampleLedger.Files(ledger.Leaves, ledger.Checkpoint(FixedNetwork.Validators[..2])));
        Assert.Equal(ExitCode.PolicyNotMet, report.Exit);
        Assert.Contains("(era 2) the validators, or their keys, are others", report.Finding!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_PolicyThatFewerMeetThanTheEraAsksFor_SaysSo()
    {
        var ledger = TestLedger.WithPeople();
        var proposal = ledger.Story.Propose(new Propose { SetQuorum = new SetQuorum { Threshold = 4 } });
        ledger.Block([proposal, .. FixedNetwork.Validators[..3].Select(name => ledger.Story.Vote(proposal, name))]);
        ledger.Block();
        var report = MemoryTiles.Verify(SampleLedger.Files(ledger.Leaves, ledger.Checkpoint(FixedNetwork.Validators)));
        Assert.StartsWith("3 cosigners meet your policy, but from", report.Era!.Mismatch, StringComparison.Ordinal);
    }

    [Fact]
    public void PolicyOut_AfterAVote_IsTheQuorumInForce()
    {
        using var temporary = new TemporaryDirectory();
        var ledger = Changed();
        string node = SampleLedger.Write(temporary["node"], SampleLedger.Files(ledger.Leaves, ledger.Checkpoint())), next = temporary["next.txt"];
        Assert.Equal(0, AuditProcess.Run("verify", node, "--policy", temporary.WritePolicy(), "--policy-out", next).ExitCode);
        var report = AuditProcess.RunJson("verify", node, "--policy", next);
        Assert.Equal(0, report.GetProperty("exitCode").GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, report.GetProperty("era").GetProperty("mismatch").ValueKind);
        foreach (string[] wrong in new string[][] { ["--policy-out", next], ["--policy-out", temporary["no/file"]], ["--hashes-only", "--policy-out", temporary["new.txt"]] })
            Assert.Equal(2, AuditProcess.Run(["verify", node, "--policy", next, .. wrong]).ExitCode);
        // What does not verify writes none.
        File.WriteAllBytes(Path.Combine(node, "checkpoint"), ledger.Checkpoint(FixedNetwork.Validators[..2]).ToBytes());
        Assert.Equal(3, AuditProcess.Run("verify", node, "--policy", next, "--policy-out", temporary["new.txt"]).ExitCode);
        Assert.False(File.Exists(temporary["new.txt"]));
    }

    [Fact]
    public void Verify_OutcomeOfAVoteChanged_IsFound()
    {
        var ledger = Changed();
        byte[][] leaves = [.. ledger.Leaves.Select(leaf => (byte[])leaf.Clone())];
        int vote = Array.FindLastIndex(leaves, leaf => leaf[1] == 2);
        leaves[vote][3] = (byte)Outcome.AlreadyVoted;
        var report = MemoryTiles.Verify(SampleLedger.Files(leaves, Forged(leaves)));
        Assert.Equal((ExitCode.Tampered, (long?)vote), (report.Exit, report.Finding!.Leaf));
    }

    private static Ledger.Tlog.SignedCheckpoint Forged(byte[][] leaves)
    {
        var tree = new Ledger.Merkle.MerkleFrontier();
        foreach (byte[] leaf in leaves)
            tree.Append(Ledger.Merkle.Rfc6962.LeafHash(leaf));
        return FixedNetwork.Sign(new Ledger.Tlog.Checkpoint(FixedNetwork.Origin, tree.Size, tree.Root), 1, FixedNetwork.Validators[..3]);
    }

    // The regulator validates no more.
    private static TestLedger Changed()
    {
        var ledger = TestLedger.WithPeople();
        var proposal = ledger.Story.Propose(Story.Rotate(FixedNetwork.Card(FixedNetwork.Regulator, false, Role.Regulator)));
        SignedEvent[] votes = [.. FixedNetwork.Validators[..3].Select(name => ledger.Story.Vote(proposal, name))];
        ledger.Block([proposal, .. votes]);
        ledger.Proposers.Remove(FixedNetwork.Regulator);
        ledger.Block();
        return ledger;
    }
}
