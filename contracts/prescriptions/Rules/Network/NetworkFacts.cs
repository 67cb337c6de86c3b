using System.Text;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>What the state says of the network.</summary>
internal static class NetworkFacts
{
    public static NetworkRecord Network(this IStateReader state) =>
        state.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network) ?? throw Lacks("a network");

    public static Policy Policy(this IStateReader state) =>
        state.Find<Policy>(EntityKind.Policy, EntityIds.Policy) ?? throw Lacks("a policy");

    /// <summary>The era in force.</summary>
    public static ValidatorEra Era(this IStateReader state) =>
        state.Find<ValidatorEra>(EntityKind.Validators, EntityIds.Era(state.Network().Era)) ?? throw Lacks("an era");

    /// <summary>The organisation of a name, a member or not; null when there never was one.</summary>
    public static Organisation? Organisation(this IStateReader state, string name) =>
        state.Find<Organisation>(EntityKind.Organisation, Encoding.UTF8.GetBytes(name));

    /// <summary>The organisation of a name when it is a member and no vote has removed it.</summary>
    public static Organisation? Member(this IStateReader state, string name) =>
        state.Organisation(name) is { ValidUntil: 0 } member ? member : null;

    /// <summary>Whether the organisation is a member at this leaf.</summary>
    public static bool IsMemberAt(this Organisation organisation, ulong leafIndex) =>
        organisation.ValidUntil == 0 || leafIndex < organisation.ValidUntil;

    private static InvalidOperationException Lacks(string what) => new($"The state lacks {what}: genesis writes one.");
}
