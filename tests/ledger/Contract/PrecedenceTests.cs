using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Where several refusals apply, the one with the lowest number is given: each act with each two faults at
/// once, and with all from one on.</summary>
public partial class PrecedenceTests
{
    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_OneFault_HasItsRefusal(string name)
    {
        Assert.Equal(Outcome.Accepted, Do(name, []));
        foreach (Fault fault in FaultsOf(name)) Assert.Equal(fault.Outcome, Do(name, [fault]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_TwoFaults_LowerNumberIsGiven(string name)
    {
        Fault[] faults = FaultsOf(name);
        for (int i = 0; i < faults.Length; i++)
        {
            foreach (Fault other in faults[(i + 1)..].Where(other => other.Spot != faults[i].Spot || other.Spot.Length == 0))
                Assert.Equal((faults[i].Outcome, faults[i], other), (Do(name, [faults[i], other]), faults[i], other));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_AllFaultsFromOneOn_LowestNumberIsGiven(string name)
    {
        Fault[] faults = FaultsOf(name);
        for (int i = 0; i < faults.Length; i++)
        {
            IEnumerable<Fault> rest = faults[i..].Reverse().DistinctBy(fault => fault.Spot.Length == 0 ? fault.ToString() : fault.Spot);
            Fault[] together = [faults[i], .. rest.Where(f => f != faults[i] && (f.Spot.Length == 0 || f.Spot != faults[i].Spot))];
            Assert.Equal(faults[i].Outcome, Do(name, together));
        }
    }

    private static Fault[] FaultsOf(string name)
    {
        (World world, Event e) = Good(name);
        string? signer = World.People.FirstOrDefault(person => World.Id(person) == e.ResponsibleId);
        IEnumerable<Fault> common = e.Sequence == 1 && !Prescriptions.ActKinds.IsSide(e) ? [] : Faults.OfAny(e);
        return [.. common.Concat(signer is null ? [] : Faults.OfSigner(signer)).Concat(Case(name).Faults).OrderBy(f => f.Outcome)];
    }

    private static Outcome Do(string name, Fault[] faults)
    {
        (World world, Event e) = Good(name);
        foreach (Fault fault in faults.OrderByDescending(fault => fault.Outcome)) fault.Spoil(world, e);
        return world.Do(e);
    }

    private static (World World, Event Event) Good(string name)
    {
        var world = new World();
        world.Done(world.Issue(10, 10, 10)).Done(world.Claim());
        world.Now += World.Minute;
        return (world, Case(name).Good(world));
    }

    private static (string Name, Func<World, Event> Good, Fault[] Faults) Case(string name) =>
        Cases.Single(c => c.Name == name);
}
