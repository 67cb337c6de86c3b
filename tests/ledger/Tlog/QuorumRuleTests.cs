using RxChain.Ledger.Tlog;
using static RxChain.Ledger.Tests.Tlog.TestPolicy;

namespace RxChain.Ledger.Tests.Tlog;

public class QuorumRuleTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(6, 5)]
    [InlineData(7, 5)]
    [InlineData(20, 14)]
    public void Write_DefaultThreshold_IsTheLeastThatCheckAccepts(int validators, int expected)
    {
        Assert.Equal(expected, QuorumRule.MoreThanTwoThirds(validators));
        var keys = TestLog.Cosigners(validators).Select(one => one.VerifierKey).ToList();
        var policy = Parse(QuorumRule.Write([Log.Signer.VerifierKey], keys));
        Assert.Equal(expected, policy.SmallestQuorum);
        Assert.Null(QuorumRule.Check(policy, keys));
        if (expected > 1)
            Assert.NotNull(QuorumRule.Check(Parse(QuorumRule.Write([Log.Signer.VerifierKey], keys, expected - 1)), keys));
    }

    [Theory]
    [InlineData(null, "group A all X1 X2", "group B all X3 X4", "group Q all A B", "quorum Q")]
    [InlineData(null, "group A 1 X1 X2", "group Q all A X3 X4", "quorum Q")]
    [InlineData("would suffice", "group A 1 X1 X2", "group B all X3 X4", "group Q 1 A B", "quorum Q")]
    [InlineData("would suffice", "group Q 2 X1 X2 X3 X4", "quorum Q")]
    [InlineData("one tree", "group Q all X1 X2 X3", "quorum Q")]
    [InlineData("one tree", "group Q all X1 X2 X3", "group R all Q X4", "quorum Q")]
    [InlineData("one tree", "quorum X1")]
    [InlineData("none", "quorum none")]
    public void Check_FourValidators_NeedsOneTreeOfMoreThanTwoThirds(string? refusal, params string[] lines)
    {
        var policy = Parse(Policy([
            "log $log", "witness X1 $1", "witness X2 $2", "witness X3 $3", "witness X4 $4", .. lines]));
        string? error = QuorumRule.Check(policy, WitnessKeys(1, 2, 3, 4));
        if (refusal == null)
            Assert.Null(error);
        else
            Assert.Contains(refusal, error, StringComparison.Ordinal);
        Assert.NotNull(QuorumRule.Check(policy, WitnessKeys(1, 2, 3)));
        Assert.NotNull(QuorumRule.Check(policy, WitnessKeys(1, 2, 3, 5)));
    }

    [Fact]
    public void Check_NotExactlyOneLog_IsRefused()
    {
        Assert.NotNull(QuorumRule.Check(Parse(Policy("witness X $1", "quorum X")), WitnessKeys(1)));
        Assert.Null(QuorumRule.Check(Parse(Policy("log $log", "witness X $1", "quorum X")), WitnessKeys(1)));
    }

    [Fact]
    public void Check_QuorumThatNoCheckpointCanCarry_IsRefused()
    {
        var keys = WitnessKeys([.. Enumerable.Range(1, 20)]);
        Assert.Null(QuorumRule.Check(Parse(QuorumRule.Write([Log.Signer.VerifierKey], keys, 15)), keys));
        Assert.NotNull(QuorumRule.Check(Parse(QuorumRule.Write([Log.Signer.VerifierKey], keys, 16)), keys));
    }
}
