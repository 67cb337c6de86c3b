using System.Buffers;
using System.Text;
using Google.Protobuf.Collections;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Leaves;

/// <summary>What must hold for a network to begin.</summary>
public static class GenesisRules
{
    private const int OriginRandomDigits = 16;
    private static readonly SearchValues<char> OriginCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789./-");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The first thing that is wrong with a genesis, or null.</summary>
    public static string? FirstFault(GenesisLeaf genesis)
    {
        if (!IsOrigin(genesis.Origin))
            return $"genesis: origin \"{genesis.Origin}\" must be 18 to 128 of [a-z0-9./-] and end in '/' and 16 hexadecimal digits";
        var names = genesis.Members.Select(m => m.Name).ToArray();
        if (names.Length == 0 || names.Zip(names.Skip(1)).Any(pair => string.CompareOrdinal(pair.First, pair.Second) >= 0))
            return "genesis: members must be in ascending order of name, without repeats, at least one";
        if (DistinctKeys(genesis) is { } repeated)
            return $"genesis: a key of {repeated} appears twice";
        int sizeBytes = genesis.ToArray().Length;
        if (sizeBytes > LeafFormat.MaxSizeBytes)
            return $"genesis: {sizeBytes} bytes, more than {LeafFormat.MaxSizeBytes}";
        return PolicyFault(genesis.Policy) ?? QuorumFault(genesis);
    }

    /// <summary>Whether a text has the form of a network's origin.</summary>
    public static bool IsOrigin(string origin) =>
        origin.Length is > OriginRandomDigits + 1 and <= 128
        && !origin.AsSpan().ContainsAnyExcept(OriginCharacters)
        && origin[^(OriginRandomDigits + 1)] == '/'
        && !origin.AsSpan(origin.Length - OriginRandomDigits).ContainsAnyExcept(HexDigits);

    private static string? DistinctKeys(GenesisLeaf genesis)
    {
        var seen = new HashSet<string>();
        foreach (var member in genesis.Members)
        {
            if (!seen.Add(Convert.ToHexString(member.OrganisationKey)))
                return member.Name;
            if (member.Validator is { } v && !(seen.Add(v.Node.ToString()) && seen.Add(v.Cosigner.ToString()) && seen.Add(v.Log.ToString())))
                return member.Name;
        }
        return null;
    }

    private static string? PolicyFault(Policy policy)
    {
        const long HourMs = 3_600_000;
        if (Contracts.ForVersion(policy.ContractVersion) is null)
            return $"genesis: contract version {policy.ContractVersion} is not known to this program";
        if (policy.ClaimPeriodMs is < HourMs or > 366 * 24 * HourMs)
            return "genesis: policy: claim_period_ms must be one hour to 366 days";
        if (policy.LongestWindowMs is < HourMs or > 10L * 366 * 24 * HourMs)
            return "genesis: policy: longest_window_ms must be one hour to ten years";
        if (policy.ApprovalsBeforeClaim > 2 || policy.ApprovalsBeforeDispense > 2)
            return "genesis: policy: approvals must be 0 to 2";
        if (!Enum.IsDefined(policy.LeastCustody))
            return "genesis: policy: least_custody must be 0 to 3";
        if (policy.BaseWindowHeights is < 8 or > 1_000_000)
            return "genesis: policy: base_window_heights must be 8 to 1,000,000";
        if (PeriodFault(policy) is { } fault)
            return fault;
        if (policy.PackKeyVersion is < 1 or > 65_535)
            return "genesis: policy: pack_key_version must be 1 to 65,535";
        if (policy.CustodyByAct.FirstOrDefault(c => !Enum.IsDefined(c.Least) || c.Least == Custody.Unspecified || !IsAct(c.Act)) is { } bad)
            return $"genesis: policy: custody_by_act: \"{bad.Act}\" must be a field of Event's act, with a custody";
        if (policy.CustodyByAct.DistinctBy(c => c.Act).Count() != policy.CustodyByAct.Count)
            return "genesis: policy: custody_by_act: an act is given twice";
        if (!AreNames(policy.Reviewers) || !AreNames(policy.Registrars))
            return "genesis: policy: reviewers and registrars must be names of organisations, each once";
        return policy.BucketBits is < 4 or > 20 || policy.BucketBits % 4 != 0
            ? "genesis: policy: bucket_bits must be 4, 8, 12, 16 or 20" : null;
    }

    private static string? PeriodFault(Policy policy)
    {
        const long MinuteMs = 60_000, HourMs = 60 * MinuteMs, DayMs = 24 * HourMs;
        (string Name, long Ms, long Least, long Most)[] periods =
        [
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
                return $"genesis: policy: {name} must be {least:N0} to {most:N0}";
        }
        return null;
    }

    private static bool AreNames(RepeatedField<string> names) =>
        names.All(MemberCard.IsName) && names.Distinct().Count() == names.Count;

    private static bool IsAct(string name) =>
        Event.Descriptor.FindFieldByName(name)?.ContainingOneof?.Name == "act";

    private static string? QuorumFault(GenesisLeaf genesis)
    {
        var validators = genesis.Validators.ToArray();
        if (validators.Length == 0)
            return "genesis: no member runs a validator";
        if (!TlogPolicy.TryParse(Encoding.UTF8.GetBytes(genesis.QuorumText), out var quorum, out var errors))
            return $"genesis: quorum: {errors[0]}";
        var logs = validators.Select(v => VerifierKey.Create(genesis.Origin, NoteAlgorithm.Ed25519, v.Validator!.Log));
        if (!quorum.Logs.Select(l => l.Key).ToHashSet().SetEquals(logs))
            return "genesis: quorum: its logs must be the validators' log keys under the network's origin";
        var cosigners = validators.Select(v => VerifierKey.Create(v.Name, NoteAlgorithm.CosignatureV1, v.Validator!.Cosigner));
        return QuorumRule.Check(quorum, cosigners.ToHashSet()) is { } fault ? $"genesis: quorum: {fault}" : null;
    }
}
