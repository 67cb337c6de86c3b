using System.Collections.Concurrent;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>What the members of a run vote on.</summary>
internal enum SimChangeKind
{
    /// <summary>A pharmacy changes its node key and its cosigner key.</summary>
    Rotate,

    /// <summary>Another pharmacy leaves.</summary>
    Remove,

    /// <summary>The insurer begins to validate.</summary>
    Begin,
}

/// <summary>A change of the validators: its proposal, and the vote of each validator.</summary>
internal static class SimChange
{
    public const string Rotating = FixedNetwork.PharmacyA;
    public const string Leaving = FixedNetwork.PharmacyB;
    public const string Beginning = FixedNetwork.Insurer;

    private static readonly ConcurrentDictionary<(int, SimChangeKind), CheckedEvent[]> Known = [];

    /// <summary>Label of the keys that the rotating pharmacy has afterwards.</summary>
    public static string NewKeys => Rotating + " 2";

    public static CheckedEvent[] Of(int validators, SimChangeKind kind) => Known.GetOrAdd((validators, kind), _ => Make(validators, kind));

    private static CheckedEvent[] Make(int validators, SimChangeKind kind)
    {
        var story = new Story();
        var proposal = story.Propose(kind switch
        {
            SimChangeKind.Rotate => Story.Rotate(FixedNetwork.Card(Rotating, [Role.Pharmacy], Rotating, NewKeys, NewKeys, Rotating)),
            SimChangeKind.Begin => Story.Rotate(FixedNetwork.Card(Beginning, [Role.Insurer], Beginning, Beginning, Beginning, Beginning)),
            _ => Story.Remove(Leaving),
        });
        return [.. SimNetwork.Of(validators).Names.Select(name => story.Vote(proposal, name)).Prepend(proposal).Select(SimEvents.Check)];
    }
}
