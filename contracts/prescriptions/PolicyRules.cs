using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions;

/// <summary>The form and the ranges of a policy, in a genesis and in a proposal.</summary>
public static class PolicyRules
{
    /// <summary>Most bytes of a policy in a proposal.</summary>
    public const int MaxSizeBytes = 32 * 1024;

    private const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;
    private const long DayMs = 24 * HourMs;

    /// <summary>Reads a policy. Canonical only: one that does not serialise to the same bytes has unknown or repeated fields.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Policy? policy)
    {
        policy = null;
        try
        {
            var parsed = Policy.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
            if (parsed.ToByteArray().AsSpan().SequenceEqual(bytes)) policy = parsed;
        }
        catch (InvalidProtocolBufferException)
        {
            // Not a policy: the caller says so.
        }
        return policy is not null;
    }

    /// <summary>The first field that is out of its range, or null. Whether the contract version is known is not asked.</summary>
    public static string? FirstFault(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.ContractVersion == 0)
            return "policy: contract_version must not be 0";
        if (policy.ApprovalsBeforeClaim > 2 || policy.ApprovalsBeforeDispense > 2)
            return "policy: approvals must be 0 to 2";
        if (!Enum.IsDefined(policy.LeastCustody))
            return "policy: least_custody must be 0 to 3";
        if (policy.BaseWindowHeights is < 8 or > 1_000_000)
            return "policy: base_window_heights must be 8 to 1,000,000";
        if (PeriodFault(policy) is { } fault)
            return fault;
        if (policy.PackKeyVersion is < 1 or > 65_535)
            return "policy: pack_key_version must be 1 to 65,535";
        if (policy.CustodyByAct.FirstOrDefault(c => !Enum.IsDefined(c.Least) || c.Least == Custody.Unspecified || !IsAct(c.Act)) is { } bad)
            return $"policy: custody_by_act: \"{bad.Act}\" must be a field of Event's act, with a custody";
        if (policy.CustodyByAct.DistinctBy(c => c.Act).Count() != policy.CustodyByAct.Count)
            return "policy: custody_by_act: an act is given twice";
        if (!AreNames(policy.Reviewers) || !AreNames(policy.Registrars))
            return "policy: reviewers and registrars must be names of organisations, each once";
        return policy.BucketBits is < 4 or > 20 || policy.BucketBits % 4 != 0
            ? "policy: bucket_bits must be 4, 8, 12, 16 or 20" : null;
    }

    private static string? PeriodFault(Policy policy)
    {
        (string Name, long Ms, long Least, long Most)[] periods =
        [
            ("claim_period_ms", policy.ClaimPeriodMs, HourMs, 366 * DayMs),
            ("longest_window_ms", policy.LongestWindowMs, HourMs, 10 * 366 * DayMs),
            ("reporting_period_ms", policy.ReportingPeriodMs, 15 * MinuteMs, 366 * DayMs),
            ("reversal_period_ms", policy.ReversalPeriodMs, 15 * MinuteMs, 366 * DayMs),
            ("longest_hold_ms", policy.LongestHoldMs, HourMs, 10 * 366 * DayMs),
            ("dispute_period_ms", policy.DisputePeriodMs, HourMs, 10 * 366 * DayMs),
            ("retention_ms", policy.RetentionMs, 0, 100 * 366 * DayMs),
            ("presence_period_ms", policy.PresencePeriodMs, 0, DayMs),
        ];
        foreach (var (name, ms, least, most) in periods)
        {
            if (ms < least || ms > most)
                return $"policy: {name} must be {least:N0} to {most:N0}";
        }
        return null;
    }

    private static bool AreNames(RepeatedField<string> names) =>
        names.All(MemberCardLayout.IsName) && names.Distinct().Count() == names.Count;

    private static bool IsAct(string name) => Event.Descriptor.FindFieldByName(name)?.ContainingOneof?.Name == "act";
}
