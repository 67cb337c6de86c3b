using RxChain.Ledger.Keys;
using RxChain.Prescriptions.Events;

namespace RxChain.Bench.Workload;

/// <summary>Who acts: one organisation in all roles, its prescriber and its pharmacist.</summary>
internal sealed record Cast(string Network, string Organisation, P256PrivateKey OrganisationKey) : IDisposable
{
    public Practitioner Prescriber { get; } = new(Profession.Prescriber);

    public Practitioner Pharmacist { get; } = new(Profession.Pharmacist);

    /// <summary>Registered keys that the node and an auditor import once each.</summary>
    public const int RegisteredKeys = 3;

    public void Dispose()
    {
        OrganisationKey.Dispose();
        Prescriber.Key.Dispose();
        Pharmacist.Key.Dispose();
    }
}
