using Google.Protobuf;
using RxChain.Ledger.Tests.Format;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Which role may do what at all, whatever the state.</summary>
public class RoleTableTests
{
    private const string Table = "roles";
    private static readonly Role[] Roles = [Role.Hospital, Role.Pharmacy, Role.Regulator, Role.Insurer];
    private static readonly string[] States = [.. StateTable.Tables.SelectMany(table => table.States)];

    [Fact]
    public void Apply_EveryActInEveryRole_IsAuthorisedAsTheTableSays()
    {
        List<string[]> actual = [["Act", .. Roles.Select(role => role.ToString().ToLowerInvariant()), "with"]];
        foreach ((string name, Func<World, Event> act) in Acts())
            actual.Add([name, .. Roles.Select(role => IsAuthorised(act, role) ? "yes" : "no"), Signer(act)]);
        if (VectorFile.Rewrite) ContractPage.Write(Table, actual);
        Assert.Equal(ContractPage.Table(Table), actual);
    }

    [Fact]
    public void Rows_HaveEveryActOfTheContract() => Assert.Equal(
        Event.Descriptor.Oneofs.Single().Fields.Select(act => act.MessageType.Name).Order(),
        Acts().Select(act => act.Name.Split(' ')[0]).Distinct().Order());

    /// <summary>One event of each act; a patient's act is apart.</summary>
    internal static IEnumerable<(string Name, Func<World, Event> Act)> Acts()
    {
        World none = StateTable.Reach("none");
        return StateTable.Rows
            .Select(row => (StateTable.NameOf(row.Event(none), row.By == "patient"), row.Event))
            .Concat(PractitionerTableTests.Rows.Select(row => (StateTable.NameOf(row.Event(none), false), row.Event)))
            .Concat(NetworkTableTests.Rows.Select(row => (StateTable.NameOf(row.Event(none), false), row.Event)))
            .DistinctBy(act => act.Item1);
    }

    /// <summary>Profession of who signs after the organisation.</summary>
    private static string Signer(Func<World, Event> act)
    {
        World world = StateTable.Reach("none");
        Event e = act(world);
        if (e.ResponsibleId.IsEmpty) return "nobody";
        Practitioner signer = world.State.Peek<Practitioner>(EntityKind.Practitioner, e.ResponsibleId)!;
        Profession other = signer.Profession == Profession.Prescriber ? Profession.Pharmacist : Profession.Prescriber;
        string name = signer.Profession.ToString().ToLowerInvariant();
        signer.Profession = other;
        Assert.Equal(Outcome.ProfessionNotAllowed, world.Do(e));
        return name;
    }

    private static bool IsAuthorised(Func<World, Event> act, Role role)
    {
        bool[] answers = [.. States.Select(state => IsAuthorised(StateTable.Reach(state), act, role)).Distinct()];
        return Assert.Single(answers);
    }

    private static bool IsAuthorised(World world, Func<World, Event> act, Role role)
    {
        world.AddMember("all-roles", Roles);
        Event e = Changed(act(world), c => (c.Organisation, c.Role) = ("all-roles", role));
        if (e.Erase is { } erase) erase.OrderCommitment = role == Role.Regulator ? World.Hash("order") : ByteString.Empty;
        return world.Do(e) != Outcome.NotAuthorised;
    }
}
