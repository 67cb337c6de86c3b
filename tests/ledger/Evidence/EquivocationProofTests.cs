using System.Text;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Evidence;

public sealed class EquivocationProofTests(ITestOutputHelper output)
{
    private static readonly Lies Lies = new();

    public static TheoryData<string> Proofs => [.. Lies.Proofs.Keys];

    [Theory]
    [InlineData("same_size", "it cosigned two roots for 7 leaves, ")]
    [InlineData("two_sizes", "but in the log of 7 leaves that it cosigned too they have root ")]
    [InlineData("reports", "it reported two roots for 7 leaves in epoch 0, ")]
    public void Holds_StatementsContradict_SaysWhatAndKeepsItsBytes(string which, string says)
    {
        byte[] bytes = Lies.Proofs[which].ToBytes();
        Assert.True(EquivocationProof.TryParse(bytes, out var read));
        Assert.True(read.Holds(FixedNetwork.Origin, out string what), what);
        Assert.Contains(says, what, StringComparison.Ordinal);
        Assert.Equal(bytes, read.ToBytes());
        Assert.False(read.Holds("rx.example/another", out _));
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public void Holds_AnyByteChanged_NoLonger(string which)
    {
        byte[] bytes = Lies.Proofs[which].ToBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.False(EquivocationProof.TryParse(bytes, out var read) && read.Holds(FixedNetwork.Origin, out _), $"byte {i}");
            bytes[i] ^= 1;
            Assert.False(EquivocationProof.TryParse(bytes.AsMemory(0, i), out _), $"first {i} bytes");
        }
        Assert.False(EquivocationProof.TryParse(bytes.AsMemory(1), out _));
        Assert.False(EquivocationProof.TryParse((byte[])[.. bytes, 0], out _));
    }

    [Fact]
    public void Holds_HeadsOfOneLog_DoNotContradict()
    {
        DoesNotHold(Lies.TwoSizes(Lies.RootOf(4)), "the checkpoints are consistent");
        var same = Lies.SameSize();
        DoesNotHold(same with { Second = same.First }, "both checkpoints are the same");
        DoesNotHold(Lies.Reports() with { Second = Lies.Report(0, (7, Lies.RootOf(7))) }, "no size has two roots");
    }

    [Fact]
    public void Holds_ReportsOfTwoEpochs_DoNotContradict() => DoesNotHold(Lies.Reports(secondEpoch: 1), "the reports are of different epochs");

    [Fact]
    public void Holds_RootInSecondIsInvented_Not() =>
        DoesNotHold(Lies.TwoSizes(Lies.RootOf(4)) with { RootInSecond = Lies.RootOf(3) }, "does not follow");

    [Fact]
    public void Holds_ProofThatNothingNeeds_Not()
    {
        DoesNotHold(Lies.SameSize() with { RootInSecond = Lies.RootOf(3) }, "nothing needs");
        DoesNotHold(Lies.Reports() with { Consistency = [Lies.RootOf(3)] }, "nothing needs");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("../a")]
    public void TryParse_ANameThatNobodyHas_False(string name)
    {
        var honest = Lies.SameSize();
        Assert.False(EquivocationProof.TryParse((honest with { Validator = name }).ToBytes(), out _));
    }

    [Theory]
    [InlineData("4 ", "-4 ")]
    [InlineData("4 ", "+4 ")]
    [InlineData("4 ", "04 ")]
    [InlineData("4 ", " 4 ")]
    [InlineData("4 ", "9223372036854775808 ")]
    [InlineData("\n0\n", "\n-0\n")]
    [InlineData("\n0\n", "\n00\n")]
    [InlineData("\n0\n", "\n18446744073709551616\n")]
    [InlineData("v1\n", "v2\n")]
    public void ReportTryParse_AnotherSpelling_False(string text, string other)
    {
        string report = Encoding.UTF8.GetString(Lies.ReportText(0, (4, Lies.RootOf(4))));
        Assert.True(HeadReportText.TryParse(Encoding.UTF8.GetBytes(report), out _));
        Assert.Contains(text, report, StringComparison.Ordinal);
        Assert.False(HeadReportText.TryParse(Encoding.UTF8.GetBytes(report.Replace(text, other, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void TryParse_Mutants_ReturnsAndKeepsTheBytes() => Fuzz.Run(output, [.. Lies.Proofs.Values.Select(proof => proof.ToBytes())], mutant =>
    {
        if (!EquivocationProof.TryParse(mutant, out var read))
            return;
        Assert.Equal(mutant, read.ToBytes());
        read.Holds(FixedNetwork.Origin, out _);
    });

    [Fact]
    public void ReportTryParse_Mutants_ReturnsAndKeepsTheBytes() => Fuzz.Run(output, [Lies.ReportText(12, (4, Lies.RootOf(4)), (7, Lies.RootOf(7)))], mutant =>
    {
        if (HeadReportText.TryParse(mutant, out var read))
            Assert.Equal(mutant, read.ToBytes());
    });

    private static void DoesNotHold(EquivocationProof proof, string says)
    {
        Assert.False(proof.Holds(FixedNetwork.Origin, out string what));
        Assert.Contains(says, what, StringComparison.Ordinal);
    }
}
