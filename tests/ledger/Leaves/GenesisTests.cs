using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Leaves;

/// <summary>What a network may begin with.</summary>
public sealed class GenesisTests(ITestOutputHelper output)
{
    private static readonly GenesisLeaf Genesis = FixedNetwork.Genesis();

    public static TheoryData<string, Action<Policy>> PolicyFaults => new()
    {
        { "contract version 2", p => p.ContractVersion = 2 },
        { "claim_period_ms", p => p.ClaimPeriodMs = 3_599_999 },
        { "claim_period_ms", p => p.ClaimPeriodMs = 366L * 86_400_000 + 1 },
        { "longest_window_ms", p => p.LongestWindowMs = 3_599_999 },
        { "longest_window_ms", p => p.LongestWindowMs = 3660L * 86_400_000 + 1 },
        { "approvals", p => p.ApprovalsBeforeClaim = 3 },
        { "approvals", p => p.ApprovalsBeforeDispense = 3 },
        { "least_custody", p => p.LeastCustody = (Custody)4 },
        { "base_window_heights", p => p.BaseWindowHeights = 7 },
        { "base_window_heights", p => p.BaseWindowHeights = 1_000_001 },
        { "bucket_bits", p => p.BucketBits = 0 },
        { "bucket_bits", p => p.BucketBits = 10 },
        { "bucket_bits", p => p.BucketBits = 24 },
        { "reporting_period_ms", p => p.ReportingPeriodMs = 899_999 },
        { "reporting_period_ms", p => p.ReportingPeriodMs = 366L * 86_400_000 + 1 },
        { "reversal_period_ms", p => p.ReversalPeriodMs = 899_999 },
        { "longest_hold_ms", p => p.LongestHoldMs = 3_599_999 },
        { "dispute_period_ms", p => p.DisputePeriodMs = 3660L * 86_400_000 + 1 },
        { "retention_ms", p => p.RetentionMs = -1 },
        { "presence_period_ms", p => p.PresencePeriodMs = 86_400_001 },
        { "pack_key_version", p => p.PackKeyVersion = 0 },
        { "pack_key_version", p => p.PackKeyVersion = 65_536 },
        { "custody_by_act", p => p.CustodyByAct[0].Act = "network" },
        { "custody_by_act", p => p.CustodyByAct[0].Least = Custody.Unspecified },
        { "an act is given twice", p => p.CustodyByAct.Add(p.CustodyByAct[0].Clone()) },
        { "reviewers and registrars", p => p.Reviewers.Add(FixedNetwork.PharmacyA) },
        { "reviewers and registrars", p => p.Registrars.Add("") },
    };

    [Fact]
    public void TryParse_OwnEncoding_GivesWhatWasPutIn()
    {
        byte[] bytes = Genesis.ToArray();
        Assert.True(GenesisLeaf.TryParse(bytes, out var again, out string error), error);
        Assert.Equal(bytes, again.ToArray());
        Assert.Equal(FixedNetwork.Validators, again.Validators.Select(v => v.Name));
    }

    [Theory]
    [MemberData(nameof(PolicyFaults))]
    public void TryParse_PolicyOutOfRange_Refused(string says, Action<Policy> change)
    {
        var policy = FixedNetwork.Policy();
        change(policy);
        Refused(Genesis with { Policy = policy }, says);
    }

    [Theory]
    [InlineData("rx.example/0123456789ABCDEF")]
    [InlineData("rx.example/123456789abcdef")]
    [InlineData("rx.example 0123456789abcdef")]
    [InlineData("https://rx.example/0123456789abcdef")]
    [InlineData("/0123456789abcdef")]
    public void FirstFault_BadOrigin_Refused(string origin) => Faulty(Genesis with { Origin = origin }, "origin");

    [Fact]
    public void TryParse_MembersOutOfOrderRepeatedOrMissing_Refused()
    {
        var members = FixedNetwork.Members();
        Refused(Genesis with { Members = [.. members.Reverse()] }, "ascending order");
        Refused(Genesis with { Members = [members[0], .. members] }, "ascending order");
        Refused(Genesis with { Members = [] }, "at least one");
    }

    [Fact]
    public void FirstFault_OneKeyOfTwoMembers_Refused()
    {
        using var key = FixedKeys.P256(FixedNetwork.Hospital);
        var twin = RxChain.Ledger.Members.MemberCard.Create(FixedNetwork.Origin, "hospital.twin", [Role.Hospital], key);
        var members = FixedNetwork.Members();
        Faulty(Genesis with { Members = [members[0], twin, .. members[1..]] }, "a key of hospital.twin appears twice");
    }

    [Fact]
    public void TryParse_CardOfAnotherNetwork_Refused() =>
        Refused(Genesis with { Origin = "rx.example/fedcba9876543210" }, "proof of possession");

    [Fact]
    public void TryParse_QuorumTooSmallOrOfOthers_Refused()
    {
        var members = FixedNetwork.Members();
        Refused(Genesis with { QuorumText = FixedNetwork.Quorum(members, 2) }, "would suffice");
        Refused(Genesis with { QuorumText = FixedNetwork.Quorum(members[..4]) }, "its logs must be");
        Refused(Genesis with { QuorumText = "quorum none\n" }, "its logs must be");
        Refused(Genesis with { QuorumText = "" }, "no quorum line");
        Refused(Genesis with { Members = [members[1]] }, "no member runs a validator");
    }

    [Fact]
    public void TryParse_UnknownFieldInThePolicy_Refused()
    {
        byte[] policy = Google.Protobuf.MessageExtensions.ToByteArray(Genesis.Policy);
        byte[] bytes = Genesis.ToArray();
        int at = bytes.AsSpan().IndexOf(policy);
        byte[] longer = [.. bytes[..at], .. policy, 0xA0, 0x06, 1, .. bytes[(at + policy.Length)..]];
        longer[at - 1] += 3;
        Assert.False(GenesisLeaf.TryParse(longer, out _, out _));
    }

    [Fact]
    public void TryParse_LongerThanALeaf_Refused() =>
        Refused(Genesis with { QuorumText = new string('#', 66_000) + "\n" + Genesis.QuorumText }, "more than 65535");

    [Fact]
    public void TryParse_Mutants_ReturnsAndKeepsTheBytes() => Fuzz.Run(output, [Genesis.ToArray()], mutant =>
    {
        if (GenesisLeaf.TryParse(mutant, out var genesis, out _))
            Assert.Equal(mutant, genesis.ToArray());
    }, 4 << 20);

    private static void Refused(GenesisLeaf genesis, string says)
    {
        Assert.False(GenesisLeaf.TryParse(genesis.ToArray(), out _, out string error));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    private static void Faulty(GenesisLeaf genesis, string says) =>
        Assert.Contains(says, GenesisRules.FirstFault(genesis) ?? "", StringComparison.Ordinal);
}
