using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Every act by everybody in every state: the tables of docs/CONTRACT.md.</summary>
internal static partial class StateTable
{
    /// <summary>Names of the tables, each with its columns.</summary>
    public static readonly (string Name, string[] States)[] Tables =
    [
        ("waiting", ["none", "issued", "asked", "early", "behind", "active", "shared", "bound", "held"]),
        ("claimed", ["claimed", "part", "queried", "unreviewed", "pending", "frozen", "overdue"]),
        ("ended", ["lapsed", "lapsed-pending", "lapsed-past", "expired", "cancelled", "rejected", "closed"]),
        ("supplied", ["supplied", "settled", "disputed", "reversed", "recovery", "emergency", "covered", "covering", "old", "erased"]),
    ];

    /// <summary>Does one act in one state.</summary>
    /// <returns>The status afterwards with what else stops it, and marks if the act got any; or the name of the refusal.</returns>
    public static string Cell(string state, Func<World, Event> act)
    {
        World world = Reach(state);
        int before = world.Stored?.Acts.Count ?? 0;
        Outcome outcome = world.Do(act(world));
        if (outcome != Outcome.Accepted) return ContractPage.NameOf(outcome);
        uint marks = world.Stored!.Acts.Count > before ? world.Stored.Acts[^1].Marks : 0;
        return world.Status + Stops(world) + string.Concat(Marks.Where(m => (marks & m.Bit) != 0).Select(m => " + " + m.Name));
    }

    private static string Stops(World world)
    {
        Prescription stored = world.Stored;
        if (world.Status is not (PrescriptionStatus.Issued or PrescriptionStatus.Active or PrescriptionStatus.Claimed)) return "";
        bool pending = stored.CancellationPending && world.Status == PrescriptionStatus.Claimed;
        return (stored.QueryOpen ? ", query open" : "")
            + (pending ? ", cancellation pending" : "")
            + (stored.Hold is { } hold && hold.UntilMs > world.Now ? ", held" : "");
    }

    /// <summary>The act's name, as in events.proto; apart when it is the patient's.</summary>
    public static string NameOf(Event e, bool byPatient) => e.ActCase + (byPatient ? " (patient)" : "");

    private static readonly (uint Bit, string Name)[] Marks =
    [
        (1, "EXCESS_SUPPLY"), (2, "PACK_CONFLICT"), (4, "CLAIM_OVERRIDE"), (8, "RECOVERY_DUE"), (16, "EMERGENCY_SUPPLY"),
    ];
}
