using System.Diagnostics.CodeAnalysis;

namespace RxChain.Ledger.Tlog;

/// <summary>A log that a policy trusts. The key's name is the log's origin.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Url">Where it is, when the policy says so; application-specific.</param>
public sealed record PolicyLog(VerifierKey Key, string? Url);

/// <summary>
/// A witness or a group of a policy. Names have a meaning only within the policy and are opaque octets: each char of
/// <see cref="Name"/> is one octet.
/// </summary>
/// <param name="Name">Name within the policy.</param>
public abstract record PolicyMember(string Name);

/// <summary>A witness.</summary>
/// <param name="Name">Name within the policy.</param>
/// <param name="Key">Its cosignature key.</param>
/// <param name="Url">Where it is, when the policy says so.</param>
public sealed record PolicyWitness(string Name, VerifierKey Key, string? Url) : PolicyMember(Name);

/// <summary>A group, which has witnessed a checkpoint when at least <paramref name="Threshold"/> of its members have.</summary>
/// <param name="Name">Name within the policy.</param>
/// <param name="Threshold">1 to the number of members.</param>
/// <param name="Members">Witnesses and groups defined before it.</param>
public sealed record PolicyGroup(string Name, int Threshold, IReadOnlyList<PolicyMember> Members) : PolicyMember(Name);

/// <summary>What a policy says of a checkpoint.</summary>
public enum PolicyOutcome
{
    /// <summary>Signed by a log of the policy, and cosigned by a quorum.</summary>
    Satisfied,

    /// <summary>A signature that names a key of the policy does not verify: forged or damaged.</summary>
    BadSignature,

    /// <summary>No log of the policy with this origin has signed.</summary>
    NoLogSignature,

    /// <summary>Signed by the log, but the valid cosignatures are not a quorum.</summary>
    QuorumNotMet,
}

/// <summary>The outcome with what it rests on.</summary>
/// <param name="Outcome">What the policy says.</param>
/// <param name="Cosignatures">The valid cosignatures of the policy's witnesses.</param>
/// <param name="Reason">One sentence when not satisfied, else null.</param>
public sealed record PolicyVerdict(
    PolicyOutcome Outcome, IReadOnlyList<VerifiedSignature> Cosignatures, string? Reason)
{
    /// <summary>True when the policy is satisfied.</summary>
    public bool IsSatisfied => Outcome == PolicyOutcome.Satisfied;
}

/// <summary>A C2SP tlog-policy: which logs and witnesses are known, and which sets of cosignatures suffice.</summary>
public sealed class TlogPolicy
{
    private readonly Dictionary<VerifierKey, PolicyWitness> _witnessByKey;

    internal TlogPolicy(
        IReadOnlyList<PolicyLog> logs,
        IReadOnlyList<PolicyWitness> witnesses,
        IReadOnlyList<PolicyGroup> groups,
        PolicyMember? quorum)
    {
        Logs = logs;
        Witnesses = witnesses;
        Groups = groups;
        Quorum = quorum;
        _witnessByKey = witnesses.ToDictionary(witness => witness.Key);
    }

    /// <summary>The known logs; may be empty, and then no checkpoint satisfies the policy.</summary>
    public IReadOnlyList<PolicyLog> Logs { get; }

    /// <summary>The known witnesses.</summary>
    public IReadOnlyList<PolicyWitness> Witnesses { get; }

    /// <summary>The groups, each after its members.</summary>
    public IReadOnlyList<PolicyGroup> Groups { get; }

    /// <summary>The witness or group that must have witnessed a checkpoint; null for <c>quorum none</c>.</summary>
    public PolicyMember? Quorum { get; }

    /// <summary>Number of cosignatures in the smallest set that satisfies the quorum.</summary>
    public int SmallestQuorum => Quorum == null ? 0 : SmallestSet(Quorum);

    /// <summary>Parses policy text; <paramref name="errors"/> has one sentence for each bad line, with its number.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> text, [NotNullWhen(true)] out TlogPolicy? policy, out IReadOnlyList<string> errors)
    {
        var parser = new TlogPolicyParser();
        policy = parser.Parse(text);
        errors = parser.Errors;
        return policy != null;
    }

    /// <summary>Verifies a checkpoint's signatures and says whether they satisfy this policy.</summary>
    public PolicyVerdict Evaluate(SignedCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var known = Logs.Select(log => log.Key).Concat(_witnessByKey.Keys);
        if (!NoteVerifier.TryVerify(checkpoint.Note, known, out var verified, out string? error))
            return new PolicyVerdict(PolicyOutcome.BadSignature, [], error);
        var cosignatures = verified.Where(signature => _witnessByKey.ContainsKey(signature.Key)).ToList();
        string origin = checkpoint.Checkpoint.Origin;
        if (!verified.Any(signature => signature.Key.Name == origin && Logs.Any(log => log.Key == signature.Key)))
            return new PolicyVerdict(PolicyOutcome.NoLogSignature, cosignatures, $"no known log {origin} has signed");
        if (!IsQuorum(cosignatures.Select(signature => signature.Key)))
            return new PolicyVerdict(PolicyOutcome.QuorumNotMet, cosignatures, $"{cosignatures.Count} cosignatures are not a quorum");
        return new PolicyVerdict(PolicyOutcome.Satisfied, cosignatures, null);
    }

    /// <summary>True when these witnesses' cosignatures satisfy the quorum; keys of no witness count nothing.</summary>
    public bool IsQuorum(IEnumerable<VerifierKey> cosigners) => TrySelectQuorum(cosigners, out _);

    /// <summary>
    /// Picks a smallest satisfying set among the cosigners, in the order of the policy: what a published checkpoint carries.
    /// </summary>
    public bool TrySelectQuorum(
        IEnumerable<VerifierKey> cosigners, [NotNullWhen(true)] out IReadOnlyList<VerifierKey>? selected)
    {
        var chosen = Quorum == null ? [] : Select(Quorum, cosigners.ToHashSet());
        selected = chosen == null ? null : [.. Witnesses.Select(witness => witness.Key).Where(chosen.Contains)];
        return selected != null;
    }

    private static List<VerifierKey>? Select(PolicyMember member, HashSet<VerifierKey> present)
    {
        if (member is PolicyWitness witness)
            return present.Contains(witness.Key) ? [witness.Key] : null;
        var group = (PolicyGroup)member;
        var satisfied = group.Members.Select(one => Select(one, present)).OfType<List<VerifierKey>>()
            .OrderBy(set => set.Count).Take(group.Threshold).ToList();
        return satisfied.Count == group.Threshold ? [.. satisfied.SelectMany(set => set)] : null;
    }

    // A member is used at most once (the parser sees to it), so the sets of a group's members are disjoint and add up.
    private static int SmallestSet(PolicyMember member) => member is PolicyGroup group
        ? group.Members.Select(SmallestSet).Order().Take(group.Threshold).Sum()
        : 1;
}
