using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Change = RxChain.Prescriptions.Events.Propose.ChangeOneofCase;
using Fault = RxChain.Prescriptions.State.ProposalFault;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>Whether a change is possible, as the network is now. That it is well-formed was checked when the event was parsed.</summary>
internal static class ProposedChange
{
    /// <summary>Most validators of a network.</summary>
    public const int MaxValidators = 20;

    public static Fault FirstFault(IStateReader state, Propose change) => change.ChangeCase switch
    {
        Change.AddMember => AddFault(state, Card(change)),
        Change.RemoveMember => RemoveFault(state, change.RemoveMember),
        Change.RotateKeys => RotateFault(state, Card(change)),
        Change.SetPolicy => PolicyFault(state.Policy(), Policy(change)),
        _ => QuorumFault(state.Era(), change.SetQuorum.Threshold),
    };

    /// <summary>The card of an AddMember or a RotateKeys.</summary>
    public static MemberCardLayout Card(Propose change) =>
        MemberCardLayout.TryRead((change.AddMember?.Card ?? change.RotateKeys.Card).Memory, out var card, out string error)
            ? card
            : throw new ArgumentException(error, nameof(change));

    /// <summary>The policy of a SetPolicy.</summary>
    public static Policy Policy(Propose change) =>
        PolicyRules.TryParse(change.SetPolicy.Policy.Span, out var policy)
            ? policy
            : throw new ArgumentException("not a policy", nameof(change));

    private static Fault AddFault(IStateReader state, MemberCardLayout card)
    {
        if (state.Organisation(card.Name) is not null) return Fault.NameTaken;
        if (CardKeys.Of(card).Any(key => IsRegistered(state, key))) return Fault.KeyUsed;
        return card.ValidatorKeys.Count > 0 ? RoomFault(state) : Fault.Unspecified;
    }

    private static Fault RemoveFault(IStateReader state, RemoveMember remove)
    {
        if (state.Member(remove.Name) is not { } member) return Fault.NotAMember;
        if (remove.Successor.Length > 0 && (remove.Successor == remove.Name || state.Member(remove.Successor) is null))
            return Fault.SuccessorNotAMember;
        return member.NodeKey.IsEmpty ? Fault.Unspecified : LastFault(state);
    }

    private static Fault RotateFault(IStateReader state, MemberCardLayout card)
    {
        if (state.Member(card.Name) is not { } member) return Fault.NotAMember;
        if (!member.Roles.SequenceEqual(card.Roles)) return Fault.RolesDiffer;
        CardKey[] before = CardKeys.Of(state, member), after = CardKeys.Of(card);
        CardKey[] fresh = [.. after.Except(before)];
        if (fresh.Any(key => IsRegistered(state, key))) return Fault.KeyUsed;
        if (fresh.Length == 0 && before.Length == after.Length) return Fault.NothingChanges;
        if (after.Length > before.Length) return RoomFault(state);
        return after.Length < before.Length ? LastFault(state) : Fault.Unspecified;
    }

    private static Fault PolicyFault(Policy present, Policy proposed)
    {
        if (proposed.BucketBits != present.BucketBits || proposed.BaseWindowHeights != present.BaseWindowHeights)
            return Fault.PolicyFieldFixed;
        // Not "one that this program knows": all must decide alike. Who lacks it stops after the block, and says so.
        if (proposed.ContractVersion != present.ContractVersion && proposed.ContractVersion != present.ContractVersion + 1)
            return Fault.ContractVersion;
        return proposed.Equals(present) ? Fault.NothingChanges : Fault.Unspecified;
    }

    private static Fault QuorumFault(ValidatorEra era, uint threshold)
    {
        if (threshold < Eras.LeastThreshold(era.Validators.Count) || threshold > era.Validators.Count) return Fault.Threshold;
        return threshold == era.Threshold ? Fault.NothingChanges : Fault.Unspecified;
    }

    private static bool IsRegistered(IStateReader state, CardKey key) => state.Find<Key>(EntityKind.Key, key.Id) is not null;

    private static Fault RoomFault(IStateReader state) =>
        state.Network().Validators.Count >= MaxValidators ? Fault.TooManyValidators : Fault.Unspecified;

    private static Fault LastFault(IStateReader state) =>
        state.Network().Validators.Count == 1 ? Fault.LastValidator : Fault.Unspecified;
}
