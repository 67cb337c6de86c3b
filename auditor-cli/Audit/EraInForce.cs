using RxChain.Ledger.Members;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Audit;

/// <summary>Who validates after the last block, as the replay has it.</summary>
/// <param name="Number">Number of the era, from 1.</param>
/// <param name="FromSize">It rules the heads of more leaves than this.</param>
/// <param name="Validators">Their names.</param>
/// <param name="Threshold">The fewest of them that suffice.</param>
/// <param name="Policy">Its quorum as a C2SP tlog-policy.</param>
/// <param name="Mismatch">How the auditor's policy differs from that; null when it does not, or when there is none.</param>
internal sealed record EraInForce(uint Number, long FromSize, IReadOnlyList<string> Validators, int Threshold, string Policy, string? Mismatch)
{
    /// <summary>Reads it out of a replayed state; null when nothing was replayed.</summary>
    public static EraInForce? Of(StateMap? state, TlogPolicy? policy)
    {
        if (state is null)
            return null;
        var era = ValidatorSet.Current(state);
        return new EraInForce(era.Number, era.FromSize, era.Names, era.Quorum.SmallestQuorum, era.QuorumText, Compare(era, policy));
    }

    private static string? Compare(ValidatorSet era, TlogPolicy? policy)
    {
        if (policy is null)
            return null;
        string since = $"from {era.FromSize} leaves on (era {era.Number})";
        if (!policy.Witnesses.Select(w => w.Key).ToHashSet().SetEquals(era.Names.Select(name => era.Cosigner(name)!)))
        {
            return $"your policy names the cosigners {string.Join(", ", policy.Witnesses.Select(w => w.Key.Name))}, but {since} "
                + $"the validators, or their keys, are others: {string.Join(", ", era.Names)}. Get the quorum of that era from several members, and compare";
        }
        return policy.SmallestQuorum < era.Quorum.SmallestQuorum
            ? $"{policy.SmallestQuorum} cosigners meet your policy, but {since} {era.Quorum.SmallestQuorum} must sign" : null;
    }
}
