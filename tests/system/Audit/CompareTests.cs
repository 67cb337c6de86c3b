using System.Text.Json;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.SystemTests.Audit;

/// <summary><c>rxaudit compare</c>: copies of one log, of two, and of none.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Compare_CopiesOfDifferentLength_AreEqual()
    {
        var ledger = SampleLedger.Ledger;
        var earlier = ledger.Seals.First(seal => seal.LeafIndex > 200);
        var behind = VerifyTests.CheckpointAt(earlier);
        string[] nodes = [Write("one", ledger), Write("two", ledger.Leaves, behind), Write("three", ledger)];
        var report = Compare(nodes);
        Assert.Equal("compare verified 0", $"{report.GetProperty("command")} {report.GetProperty("result")} {report.GetProperty("exitCode")}");
        Assert.Equal(
            [behind.Checkpoint.Size, ledger.Leaves.Count, ledger.Leaves.Count],
            report.GetProperty("copies").EnumerateArray().Select(copy => copy.GetProperty("size").GetInt64()));
        var (exitCode, output, _) = AuditProcess.Run(["compare", .. nodes, "--policy", _temporary.WritePolicy()]);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("EQUAL  3 copies", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_Fork_NamesTheFirstLeafAndShowsBothCheckpoints()
    {
        TestLedger one = TestLedger.WithPeople(), other = TestLedger.WithPeople();
        int common = one.Leaves.Count;
        one.Block(one.Story.Issue("rx-1"));
        other.Block(other.Story.Issue("rx-2"));
        other.Block(other.Story.Issue("rx-3"));
        string[] nodes = [Write("one", one), Write("other", other)];
        var report = Compare(nodes);
        Assert.Equal(1, report.GetProperty("exitCode").GetInt32());
        var fork = report.GetProperty("fork");
        Assert.Equal(common, fork.GetProperty("leaf").GetInt64());
        foreach (var (side, ledger) in new[] { ("one", one), ("other", other) })
        {
            string note = fork.GetProperty(side).GetProperty("checkpoint").GetString()!;
            Assert.True(SignedCheckpoint.TryParse(System.Text.Encoding.UTF8.GetBytes(note), out var signed, out string? error), error);
            Assert.True(SampleLedger.Policy.Evaluate(signed).IsSatisfied);
            Assert.Equal(ledger.Leaves.Count, signed.Checkpoint.Size);
        }
        var (exitCode, output, _) = AuditProcess.Run(["compare", .. nodes, "--policy", _temporary.WritePolicy()]);
        Assert.Equal(1, exitCode);
        Assert.Contains($"first leaf that differs: {common}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_CopyThatContradictsItsOwnCheckpoint_IsNoForkButTampered()
    {
        var ledger = SampleLedger.Small;
        byte[][] changed = [.. ledger.Leaves.Select(leaf => (byte[])leaf.Clone())];
        changed[^2][^1] ^= 1;
        var report = Compare(Write("one", ledger), Write("two", changed, ledger.Checkpoint()));
        Assert.Equal("tampered", report.GetProperty("result").GetString());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("fork").ValueKind);
        Assert.Contains("two", report.GetProperty("finding").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_TooFewCosignatures_Exits3_Missing4_One2()
    {
        var ledger = SampleLedger.Small;
        string one = Write("one", ledger);
        string weak = Write("weak", ledger.Leaves, FixedNetwork.Sign(ledger.Checkpoint().Checkpoint, 1, FixedNetwork.Validators.Take(2)));
        Assert.Equal("policy-not-met", Compare(one, weak).GetProperty("result").GetString());
        Assert.Equal("cannot-evaluate", Compare(one, _temporary["nowhere"]).GetProperty("result").GetString());
        Assert.Equal(2, AuditProcess.Run("compare", one, "--policy", _temporary.WritePolicy()).ExitCode);
    }

    [Fact]
    public void Compare_CopiesOfTwoNetworks_IsNoFork()
    {
        var ledger = SampleLedger.Small;
        var head = ledger.Checkpoint().Checkpoint;
        var other = FixedNetwork.Sign(new Checkpoint("rx.example/fedcba9876543210", head.Size, head.Root), 1, FixedNetwork.Validators);
        var report = Compare(Write("one", ledger), Write("two", ledger.Leaves, other));
        Assert.Equal(1, report.GetProperty("exitCode").GetInt32());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("fork").ValueKind);
        Assert.Contains("rx.example/fedcba9876543210", report.GetProperty("finding").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_LiveNodeThatFirstShowsATooWeakCheckpoint_IsJudgedByThatOne()
    {
        var ledger = SampleLedger.Small;
        var files = SampleLedger.Files(ledger);
        byte[] weak = FixedNetwork.Sign(ledger.Checkpoint().Checkpoint, 1, FixedNetwork.Validators.Take(1)).ToBytes();
        int shown = 0;
        await using var server = await SourceTests.ServeAsync(path =>
            path == "checkpoint" && Interlocked.Increment(ref shown) == 1 ? weak : files.GetValueOrDefault(path));
        var report = Compare(Write("one", ledger), server.Urls.Single());
        Assert.Equal("policy-not-met", report.GetProperty("result").GetString());
        Assert.Equal(1, shown);
    }

    private JsonElement Compare(params string[] nodes) => AuditProcess.RunJson(["compare", .. nodes, "--policy", _temporary.WritePolicy()]);

    private string Write(string name, TestLedger ledger) => Write(name, ledger.Leaves, ledger.Checkpoint());

    private string Write(string name, IReadOnlyList<byte[]> leaves, SignedCheckpoint checkpoint) =>
        SampleLedger.Write(_temporary[name], SampleLedger.Files(leaves, checkpoint));
}
