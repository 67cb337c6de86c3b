using RxChain.Prescriptions.Events;
using RxChain.SystemTests.Processes;

namespace RxChain.DockerClient;

/// <summary>The practitioners of one run.</summary>
internal sealed record People(Person Prescriber, IReadOnlyDictionary<string, Person> Pharmacists)
{
    public static async Task<People> RegisterAsync(ClientNetwork network)
    {
        var prescriber = new Person();
        await network.ActAsync("regulator", e => e.RegisterPractitioner = prescriber.Registration(network.Origin, Profession.Prescriber, "hospital"));
        var pharmacists = new Dictionary<string, Person>();
        foreach (string pharmacy in ClientNetwork.Pharmacies)
        {
            var pharmacist = pharmacists[pharmacy] = new Person();
            await network.ActAsync("regulator", e => e.RegisterPractitioner = pharmacist.Registration(network.Origin, Profession.Pharmacist, pharmacy));
        }
        return new People(prescriber, pharmacists);
    }
}
