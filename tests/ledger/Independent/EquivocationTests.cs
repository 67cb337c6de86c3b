using RxChain.Ledger.Evidence;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>The second verifier takes the equivocation proofs that hold, and no other.</summary>
public sealed class EquivocationTests(ITestOutputHelper output)
{
    private static readonly Lies Lies = new();

    public static TheoryData<string> Proofs => [.. Lies.Proofs.Keys];

    [Theory]
    [MemberData(nameof(Proofs))]
    public void Proof_ThatHolds_NamesValidatorKeyAndWhatContradicts(string which)
    {
        var proof = Lies.Proofs[which];
        Assert.True(proof.Holds(FixedNetwork.Origin, out string what));
        var (exitCode, said) = SecondVerifier.Equivocation(proof.ToBytes(), "--origin", FixedNetwork.Origin);
        Assert.True(exitCode == 0, said);
        string key = proof.Kind == EquivocationKind.Cosignatures ? "cosigner key" : "node key";
        Assert.Contains($"{proof.Validator} with {key} {proof.Key}: {what}\n", said, StringComparison.Ordinal);
        Assert.Contains($"not checked\n  that this was the {key} of {proof.Validator}", said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public void Proof_OfAnotherNetwork_Refused(string which)
    {
        Refused(Lies.Proofs[which].ToBytes(), 1, "NOT VERIFIED", "--origin", "rx.example/fedcba9876543210");
        Refused((Lies with { Network = "rx.example/fedcba9876543210" }).Proofs[which].ToBytes(), 1, "NOT VERIFIED", "--origin", FixedNetwork.Origin);
    }

    [Fact]
    public void CommandLine_Wrong_IsUsage()
    {
        byte[] proof = Lies.SameSize().ToBytes();
        Refused(proof, 2, "usage");
        Refused(proof, 2, "usage", "--origin");
        Refused(proof, 2, "usage", "--origin", FixedNetwork.Origin, "more");
        Refused(proof, 2, "usage", "--origin", FixedNetwork.Origin, "--policy", "file");
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public void Proof_TruncatedLengthenedOrAnyByteChanged_Refused(string which)
    {
        byte[] whole = Lies.Proofs[which].ToBytes();
        AllRefused(
        [
            .. Enumerable.Range(0, whole.Length).Select(length => whole[..length]),
            [.. whole, 0],
            .. Enumerable.Range(0, whole.Length).SelectMany(at => new byte[] { 1, 0x80 }.Select(bit => Changed(whole, at, bit))),
        ]);
    }

    [Fact]
    public void Proof_ThatContradictsNothing_Refused()
    {
        EquivocationProof same = Lies.SameSize(), two = Lies.TwoSizes(Lies.RootOf(5)), reports = Lies.Reports();
        var stranger = Lies with { Label = "somebody" };
        string[] why = AllRefused([.. new[]
        {
            same with { Second = same.First },
            same with { RootInSecond = Lies.RootOf(3) },
            same with { Consistency = two.Consistency },
            same with { Kind = EquivocationKind.HeadReports },
            same with { Second = stranger.SameSize().Second },
            same with { Key = stranger.SameSize().Key },
            same with { Validator = FixedNetwork.PharmacyB },
            same with { First = FixedNetwork.Sign(new(FixedNetwork.Origin, 7, Lies.RootOf(5)), 5, FixedNetwork.PharmacyA).ToBytes() },
            Lies.TwoSizes(Lies.RootOf(4)),
            two with { First = two.Second, Second = two.First },
            two with { RootInSecond = Lies.RootOf(3) },
            two with { RootInSecond = default, Consistency = [] },
            two with { Consistency = [.. two.Consistency, default] },
            two with { Consistency = [.. two.Consistency.Skip(1)] },
            Lies.Reports(secondEpoch: 1),
            reports with { Second = reports.First },
            reports with { Second = Lies.Report(0, (6, Lies.RootOf(5)), (7, Lies.RootOf(7))) },
            reports with { Second = stranger.Reports().Second },
            reports with { Second = (Lies with { Name = FixedNetwork.PharmacyB, Label = Lies.Name }).Reports().Second },
            reports with { RootInSecond = Lies.RootOf(3) },
            reports with { Consistency = two.Consistency },
            reports with { Kind = EquivocationKind.Cosignatures },
        }.Select(proof => proof.ToBytes())]);
        Assert.True(why.Distinct().Count() > 10, string.Join('\n', why));
    }

    [Fact]
    public void Proof_StatementsExchanged_StillHoldsWhereTheOrderSaysNothing()
    {
        EquivocationProof same = Lies.SameSize(), reports = Lies.Reports();
        Assert.Equal(["1", "1"], SecondVerifier.Proofs(
            [(same with { First = same.Second, Second = same.First }).ToBytes(), (reports with { First = reports.Second, Second = reports.First }).ToBytes()]));
    }

    [Fact]
    public void Proofs_Spoilt_AreTakenByBothVerifiersOrNeither()
    {
        var random = new Random(Contract.FuzzRun.Seed(output));
        byte[][] proofs = [.. Enumerable.Range(0, 3_000).Select(_ => Spoilt(random))];
        string[] others = SecondVerifier.Proofs(proofs);
        Assert.Equal(proofs.Length, others.Length);
        int held = 0;
        for (int i = 0; i < proofs.Length; i++)
        {
            string what = "no grammar";
            bool holds = EquivocationProof.TryParse(proofs[i], out var proof) && proof.Holds(FixedNetwork.Origin, out what);
            Assert.True(holds == (others[i] == "1"), $"here: {what}; there: {others[i]}; {Convert.ToHexStringLower(proofs[i])}");
            held += holds ? 1 : 0;
        }
        output.WriteLine($"{held} of {proofs.Length} hold");
        Assert.InRange(held, 100, 2_900);
    }

    // Statements about sizes and roots at random, some signed wrongly, with proofs between sizes at random.
    private static byte[] Spoilt(Random random)
    {
        int one = random.Next(1, 8), other = random.Next(1, 8);
        ulong epoch = random.Next(4) == 0 ? 1ul : 0;
        var lies = random.Next(8) == 0 ? Lies with { Label = "somebody" } : Lies;
        var proof = random.Next(3) switch
        {
            0 => Lies.Reports() with { Second = lies.Report(epoch, (one, Lies.RootOf(other)), (other, Lies.RootOf(other))) },
            1 => Lies.TwoSizes(Lies.RootOf(one)) with { RootInSecond = Lies.RootOf(other) },
            _ => Lies.Between(one, Lies.RootOf(other), random.Next(1, 8)),
        };
        return proof.ToBytes();
    }

    private static byte[] Changed(byte[] whole, int at, byte bit)
    {
        byte[] changed = [.. whole];
        changed[at] ^= bit;
        return changed;
    }

    private static string[] AllRefused(IReadOnlyList<byte[]> proofs)
    {
        string[] verdicts = SecondVerifier.Proofs(proofs);
        Assert.Equal(proofs.Count, verdicts.Length);
        for (int i = 0; i < proofs.Count; i++)
            Assert.True(verdicts[i].StartsWith("0 ", StringComparison.Ordinal), $"{i}: {Convert.ToHexStringLower(proofs[i])}");
        return verdicts;
    }

    private static void Refused(byte[] proof, int expected, string says, params string[] options)
    {
        var (exitCode, said) = SecondVerifier.Equivocation(proof, options);
        Assert.True(exitCode == expected, said);
        Assert.StartsWith(says, said, StringComparison.Ordinal);
    }
}
