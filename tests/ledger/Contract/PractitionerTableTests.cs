using RxChain.Ledger.Tests.Format;
using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The acts about practitioners in every state of one.</summary>
public class PractitionerTableTests
{
    private const string Name = "dr-new";
    private static readonly string[] States = ["unknown", "registered", "suspended"];

    internal static readonly (string Act, string By, Func<World, Event> Event)[] Rows =
    [
        ("RegisterPractitioner", "regulator", Register),
        ("RegisterPractitioner", "a listed hospital", w => By("hospital", Register(w))),
        ("RegisterPractitioner", "another hospital", w => By("hospital-2", Register(w))),
        ("SuspendPractitioner", "regulator", w => w.Suspend(Name)),
        ("SuspendPractitioner", "a listed hospital", w => By("hospital", w.Suspend(Name))),
        ("ReinstatePractitioner", "regulator", w => w.Reinstate(Name)),
        ("ReinstatePractitioner", "a listed hospital", w => By("hospital", w.Reinstate(Name))),
    ];

    [Fact]
    public void Apply_EveryActAboutAPractitioner_HasTheOutcomeOfTheTable()
    {
        List<string[]> actual = [["Act", "By", .. States]];
        foreach (var row in Rows) actual.Add([row.Act, row.By, .. States.Select(state => Cell(state, row.Event))]);
        if (VectorFile.Rewrite) ContractPage.Write("practitioners", actual);
        Assert.Equal(ContractPage.Table("practitioners"), actual);
    }

    private static string Cell(string state, Func<World, Event> act)
    {
        var world = new World();
        world.Policy.Registrars.Add("hospital");
        if (state != "unknown") world.Done(Register(world));
        if (state == "suspended") world.Done(world.Suspend(Name));
        Outcome outcome = world.Do(act(world));
        if (outcome != Outcome.Accepted) return ContractPage.NameOf(outcome);
        return world.Practitioner(Name).Suspended ? "suspended" : "registered";
    }

    private static Event Register(World world) => world.Register(Name, Profession.Prescriber, "hospital");

    private static Event By(string hospital, Event e) => Changed(e, c =>
    {
        ActAs(c, hospital);
        c.Role = Role.Hospital;
    });
}
