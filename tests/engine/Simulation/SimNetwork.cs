using RxChain.Engine.Core;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>A network of so many validators: those of the fixed network, and for more than four others beside them.</summary>
internal sealed class SimNetwork
{
    public const string PharmacyC = "pharmacy-c.example";
    public const string PharmacyD = "pharmacy-d.example";
    public const int Smallest = 4, Largest = 7;

    private static readonly string[] Joining = [.. FixedNetwork.Validators, PharmacyC, PharmacyD, FixedNetwork.Insurer];
    private static readonly SimNetwork[] Networks = [.. Enumerable.Range(Smallest, Largest - Smallest + 1).Select(n => new SimNetwork(n))];

    private SimNetwork(int validators)
    {
        var names = Joining[..validators];
        var members = Joining.Where(name => names.Contains(name) || name == FixedNetwork.Insurer).Order(StringComparer.Ordinal)
            .Select(name => FixedNetwork.Card(name, names.Contains(name), RoleOf(name))).ToArray();
        Genesis = FixedNetwork.Genesis() with { Members = members, QuorumText = FixedNetwork.Quorum(members) };
        Names = [.. Genesis.Validators.Select(v => v.Name)];
    }

    public GenesisLeaf Genesis { get; }

    /// <summary>The first validators, ascending.</summary>
    public IReadOnlyList<string> Names { get; }

    public static SimNetwork Of(int validators) => Networks[validators - Smallest];

    public static IEnumerable<string> Organisations => Joining;

    public static ValidatorIdentity Identity(string name, string keys) => new(
        name, FixedNetwork.Key(keys, "node"), FixedNetwork.Key(keys, "cosigner"), FixedNetwork.Key(name, "log"));

    private static Role RoleOf(string name) => name switch
    {
        FixedNetwork.Hospital => Role.Hospital,
        FixedNetwork.Insurer => Role.Insurer,
        FixedNetwork.Regulator => Role.Regulator,
        _ => Role.Pharmacy,
    };
}
