using Grpc.Net.Client;
using RxChain.Client;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;

namespace RxChain.Bench.Workload;

/// <summary>Who acts: one organisation in all roles, its prescriber and its pharmacist.</summary>
internal sealed record Cast(string Network, string Organisation, P256PrivateKey OrganisationKey) : IDisposable
{
    public Practitioner Prescriber { get; } = new(Profession.Prescriber);

    public Practitioner Pharmacist { get; } = new(Profession.Pharmacist);

    /// <summary>Registered keys that the node and an auditor import once each.</summary>
    public const int RegisteredKeys = 3;

    /// <summary>The cast of a member whose organisation key is in a file.</summary>
    public static Cast Load(string network, string organisation, string keyFile) =>
        P256PrivateKey.TryImportPkcs8(File.ReadAllBytes(keyFile), out var key, out string? error)
            ? new Cast(network, organisation, key) : throw new InvalidDataException(error);

    /// <summary>Registers both practitioners at a node.</summary>
    public async Task RegisterAsync(string address, TlogPolicy policy)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var client = new RxChainClient(channel.CreateCallInvoker(), Network, policy);
        foreach (var practitioner in new[] { Prescriber, Pharmacist })
        {
            var draft = new Event
            {
                Organisation = Organisation,
                Role = Role.Regulator,
                TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                RegisterPractitioner = practitioner.Registration(Network, Organisation),
            };
            await client.ActAsync(draft, [new EventSigner(OrganisationKey)], Commitment.Final);
        }
    }

    public void Dispose()
    {
        OrganisationKey.Dispose();
        Prescriber.Key.Dispose();
        Pharmacist.Key.Dispose();
    }
}
