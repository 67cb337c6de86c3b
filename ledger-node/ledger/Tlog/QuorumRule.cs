using System.Globalization;
using System.Text;

namespace RxChain.Ledger.Tlog;

/// <summary>
/// What a network's own quorum must be, in addition to being a tlog-policy: one tree that uses every witness once, whose
/// smallest satisfying set is more than two thirds of the validators, so that any two quorums share more than a third.
/// </summary>
public static class QuorumRule
{
    /// <summary>Signature lines that every reader of notes accepts (C2SP signed-note, "Format"): one log, and a smallest quorum.</summary>
    public const int MaxPublishedSignatures = 16;

    // No key name has a plus, so no witness can be called this.
    private const string GroupName = "quorum+";

    /// <summary>Least number of validators that is more than two thirds of them: floor(2n/3) + 1.</summary>
    public static int MoreThanTwoThirds(int validators) => (int)(2L * validators / 3) + 1;

    /// <summary>Null when the policy may rule a network whose validators have these cosigner keys, else why not.</summary>
    public static string? Check(TlogPolicy policy, IReadOnlyCollection<VerifierKey> validators)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(validators);
        if (policy.Logs.Count == 0)
            return "the quorum policy names no log";
        if (policy.Quorum == null)
            return "the quorum is none";
        if (!policy.Witnesses.Select(witness => witness.Key).ToHashSet().SetEquals(validators))
            return "the witnesses are not the validators";
        if (CountMembers(policy.Quorum) != policy.Witnesses.Count + policy.Groups.Count)
            return "the quorum is not one tree that uses every witness and group";
        int smallest = policy.SmallestQuorum, needed = MoreThanTwoThirds(policy.Witnesses.Count);
        if (smallest < needed)
            return $"{smallest} of {policy.Witnesses.Count} cosignatures would suffice; at least {needed} are needed";
        return 1 + smallest <= MaxPublishedSignatures
            ? null
            : $"a checkpoint would need {1 + smallest} signatures; readers are sure to accept only {MaxPublishedSignatures}";
    }

    /// <summary>
    /// Policy text with the logs (each validator signs as the log, with a key of its own) and one group of the witnesses. <paramref name="threshold"/> defaults to the least number
    /// that <see cref="Check"/> accepts. No witness may be called <c>none</c>, which is the format's own word.
    /// </summary>
    public static string Write(IEnumerable<VerifierKey> logs, IReadOnlyList<VerifierKey> witnesses, int? threshold = null)
    {
        ArgumentNullException.ThrowIfNull(witnesses);
        var text = new StringBuilder();
        foreach (var log in logs)
            text.Append(CultureInfo.InvariantCulture, $"log {log}\n");
        foreach (var witness in witnesses)
            text.Append(CultureInfo.InvariantCulture, $"witness {witness.Name} {witness}\n");
        text.Append(CultureInfo.InvariantCulture, $"group {GroupName} {threshold ?? MoreThanTwoThirds(witnesses.Count)}");
        foreach (var witness in witnesses)
            text.Append(CultureInfo.InvariantCulture, $" {witness.Name}");
        return text.Append(CultureInfo.InvariantCulture, $"\nquorum {GroupName}\n").ToString();
    }

    private static int CountMembers(PolicyMember member) =>
        1 + (member is PolicyGroup group ? group.Members.Sum(CountMembers) : 0);
}
