using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Testing;
using Xunit.Abstractions;
using static RxChain.Ledger.Tests.Tlog.TestPolicy;

namespace RxChain.Ledger.Tests.Tlog;

public class TlogPolicyTests(ITestOutputHelper output)
{
    // The example of C2SP tlog-policy, with keys in place of <vkey>.
    private static string Example => Policy(
        "log $log", "", "witness X1 $1", "witness X2 $2", "witness X3 $3", "group X-witnesses 2 X1 X2 X3", "",
        "witness Y1 $4", "witness Y2 $5", "witness Y3 $6", "group Y-witnesses any Y1 Y2 Y3", "",
        "group X-and-Y all X-witnesses Y-witnesses", "quorum X-and-Y");

    [Theory]
    [InlineData(true, 1, 2, 4)]
    [InlineData(true, 2, 3, 6)]
    [InlineData(true, 1, 2, 3, 4, 5, 6)]
    [InlineData(false, 1, 2, 3)]
    [InlineData(false, 1, 4, 5, 6)]
    [InlineData(false, 4, 5, 6)]
    [InlineData(false)]
    public void Evaluate_SpecificationExample_NeedsTwoXAndOneY(bool satisfied, params int[] cosigners)
    {
        var verdict = Parse(Example).Evaluate(Sign(cosigners));
        Assert.Equal(satisfied ? PolicyOutcome.Satisfied : PolicyOutcome.QuorumNotMet, verdict.Outcome);
        Assert.Equal((satisfied, satisfied), (verdict.IsSatisfied, verdict.Reason == null));
        Assert.Equal(cosigners.Length, verdict.Cosignatures.Count);
    }

    [Fact]
    public void TrySelectQuorum_MoreThanEnough_PicksASmallestSet()
    {
        var policy = Parse(Example);
        Assert.Equal(3, policy.SmallestQuorum);
        Assert.True(policy.TrySelectQuorum(WitnessKeys(6, 3, 1, 4, 5, 2), out var selected));
        Assert.Equal(WitnessKeys(1, 2, 4), selected);
        Assert.False(policy.TrySelectQuorum(WitnessKeys(1, 4, 5, 6), out _));
        Assert.False(policy.TrySelectQuorum(WitnessKeys(7, 8, 9), out _));
    }

    [Fact]
    public void Evaluate_PublicLogAndWitnesses_Satisfies()
    {
        string names = string.Join(' ', PublishedNotes.WitnessKeys.Select((_, i) => $"w{i}"));
        string witnesses = string.Concat(PublishedNotes.WitnessKeys.Select((key, i) => $"witness w{i} {key}\n"));
        string text = $"log {PublishedNotes.ArcheKey}\n{witnesses}group all-of-them all {names}\nquorum all-of-them\n";
        var policy = Parse(text);
        Assert.Equal(PolicyOutcome.Satisfied, policy.Evaluate(TestLog.Parse(PublishedNotes.Arche)).Outcome);
        string other = PublishedNotes.Arche.Replace("\n1432088532\n", "\n1432088533\n", StringComparison.Ordinal);
        Assert.Equal(PolicyOutcome.BadSignature, policy.Evaluate(TestLog.Parse(other)).Outcome);
        Assert.Equal(PolicyOutcome.NoLogSignature, policy.Evaluate(TestLog.Parse(PublishedNotes.BehindTheSofa)).Outcome);
    }

    [Fact]
    public void Evaluate_LogSignature_MustBeTheOriginsOwn()
    {
        var checkpoint = new Checkpoint("other.example", 1, TestLog.Root(1));
        Assert.Equal(PolicyOutcome.NoLogSignature, Parse(Policy("log $log", "quorum none")).Evaluate(Log.Sign(checkpoint)).Outcome);
        Assert.Equal(PolicyOutcome.NoLogSignature, Parse("quorum none\n").Evaluate(Sign()).Outcome);
        Assert.Equal(PolicyOutcome.Satisfied, Parse(Policy("log $log", "quorum none")).Evaluate(Sign()).Outcome);
    }

    [Theory]
    [InlineData("witness X $1", "quorum X")]
    [InlineData("  witness\tX   $1\thttps://w.example/ ", "quorum X", "# note", "\t#note", "")]
    [InlineData("log $log https://log.example/", "witness K\u212a $1", "quorum K\u212a")]
    [InlineData("quorum none")]
    [InlineData("witness all $1", "group any all all", "quorum any")]
    [InlineData("witness A $1", "witness B $2", "group G 2 A B", "quorum A")]
    public void TryParse_AllowedPolicy_IsAccepted(params string[] lines) => Parse(Policy(lines));

    [Theory]
    [InlineData("line 1", "logs $log", "quorum none")]
    [InlineData("line 1", "log", "quorum none")]
    [InlineData("line 1", "log $log https://a b", "quorum none")]
    [InlineData("line 1", "log $1", "quorum none")]
    [InlineData("line 2", "log $log", "log $log", "quorum none")]
    [InlineData("line 1", "log nonsense", "quorum none")]
    [InlineData("line 1", "witness X $log", "quorum none")]
    [InlineData("line 1", "witness none $1", "quorum none")]
    [InlineData("line 1", "witness X", "quorum none")]
    [InlineData("line 2", "witness X $1", "witness X $2", "quorum X")]
    [InlineData("line 2", "witness X $1", "witness Y $1", "quorum X")]
    [InlineData("line 2", "witness X $1", "group X any X", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G any", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G 0 X", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G 01 X", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G 2 X", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G -1 X", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G ALL X", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G any X X", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G any none", "quorum X")]
    [InlineData("line 2", "witness X $1", "group G any G", "quorum X")]
    [InlineData("line 1", "group G any X", "witness X $1", "quorum X")]
    [InlineData("line 3", "witness X $1", "group G any X", "group H any X", "quorum G")]
    [InlineData("line 1", "quorum X", "witness X $1")]
    [InlineData("line 2", "quorum none", "quorum none")]
    [InlineData("line 1", "quorum", "witness X $1")]
    [InlineData("line 1", "quorum none none")]
    [InlineData("line 1", "quorum none # comment")]
    [InlineData("line 1", "quorum\rnone", "quorum none")]
    [InlineData("line 1", "# \u007f", "quorum none")]
    [InlineData("no quorum", "log $log")]
    public void TryParse_BadLine_IsNamed(string where, params string[] lines)
    {
        Assert.False(TlogPolicy.TryParse(TestLog.Utf8(Policy(lines)), out _, out var errors));
        Assert.Contains(where, errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_SeveralBadLines_AreAllNamed()
    {
        Assert.False(TlogPolicy.TryParse("x\ny\nquorum none\nz\n"u8, out _, out var errors));
        Assert.Equal(["line 1", "line 2", "line 4"], errors.Select(error => error[..6]));
        Assert.False(TlogPolicy.TryParse("quorum none"u8, out _, out errors));
        Assert.Single(errors);
        Assert.False(TlogPolicy.TryParse([], out _, out errors));
        Assert.False(TlogPolicy.TryParse(TestLog.Utf8(string.Concat(Enumerable.Repeat("x\n", 1000))), out _, out errors));
        Assert.Equal(20, errors.Count);
    }

    [Fact]
    public void TryParse_Fuzzed_NeverThrows() =>
        Fuzz.Run(output, [TestLog.Utf8(Example), TestLog.Utf8(Policy("log $log", "quorum none"))], bytes =>
        {
            if (!TlogPolicy.TryParse(bytes, out var policy, out var errors))
                Assert.NotEmpty(errors);
            else
                _ = QuorumRule.Check(policy, []);
        }, maxAllocatedBytes: 16 << 20);

    private static SignedCheckpoint Sign(params int[] cosigners) => Log.Sign(
        new Checkpoint(TestLog.Origin, 3, TestLog.Root(3)), [.. cosigners.Select(TestLog.Cosigner)]);
}
