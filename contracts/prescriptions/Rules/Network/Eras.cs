using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>Who validates from when on. A change of the validators, their keys or their number that must cosign begins an era.</summary>
internal static class Eras
{
    /// <summary>Most validators that must cosign: a published checkpoint has at most 16 signatures, and one is the log's.</summary>
    public const int MaxThreshold = 15;

    /// <summary>Least number of validators that is more than two thirds of them.</summary>
    public static uint LeastThreshold(int validators) => (uint)(2 * validators / 3 + 1);

    /// <summary>Begins an era after this block when the validators or the threshold are others now. Several changes in one block
    /// make one era.</summary>
    /// <param name="edit">The state, the change carried out.</param>
    /// <param name="threshold">How many must cosign; null: as the era before it says.</param>
    /// <param name="at">Its leaf index is where the era begins.</param>
    /// <returns>False when nothing about it has changed.</returns>
    public static bool Renew(StateEdit edit, uint? threshold, ApplyContext at)
    {
        ValidatorEra before = edit.Era();
        NetworkRecord network = edit.OpenNetwork();
        var era = new ValidatorEra { FromSize = at.LeafIndex };
        era.Validators.Add(network.Validators.Select(name => Validator(name, edit.Organisation(name)!)));
        era.Threshold = threshold ?? ThresholdAfter(before, era.Validators.Count);
        if (era.Threshold == before.Threshold && era.Validators.Equals(before.Validators)) return false;
        if (before.FromSize != at.LeafIndex) network.Era++;
        edit.Put(EntityKind.Validators, EntityIds.Era(network.Era), era);
        return true;
    }

    // A network that wants more than two thirds goes on doing so.
    private static uint ThresholdAfter(ValidatorEra before, int validators)
    {
        uint least = LeastThreshold(validators);
        return before.Threshold > LeastThreshold(before.Validators.Count)
            ? Math.Clamp(before.Threshold, least, (uint)Math.Min(validators, MaxThreshold))
            : least;
    }

    private static EraValidator Validator(string name, Organisation organisation) => new()
    {
        Name = name,
        NodeKey = organisation.NodeKey,
        CosignerKey = organisation.CosignerKey,
        LogKey = organisation.LogKey,
    };
}
