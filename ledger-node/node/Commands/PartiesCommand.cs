using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RxChain.Client;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tlog;
using RxChain.Node.Configuration;
using RxChain.Node.Demo;
using RxChain.Node.Hosting;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.Storage;

namespace RxChain.Node.Commands;

/// <summary><c>parties</c>: makes who acts in the client samples (grpc-api/samples), for trying things out.</summary>
internal static class PartiesCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Role[] Needed = [Role.Hospital, Role.Pharmacy, Role.Regulator];

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var output = new Option<string>("--out") { Description = "File to write (mode 0600). It holds private keys.", Required = true };
        var command = new Command(
            "parties", "Register a new prescriber and a new pharmacist at a running node, and write the file that the client samples take.") { data, output };
        var node = new NodeConnection().AddTo(command);
        command.SetAction((result, cancellation) => Guarded.RunAsync(async () =>
        {
            await RunAsync(result.GetRequiredValue(data), result.GetRequiredValue(output), node, result, cancellation);
            return 0;
        }));
        return command;
    }

    private static async Task RunAsync(string data, string output, NodeConnection node, ParseResult arguments, CancellationToken cancellation)
    {
        NewFiles.RequireNone("Give another --out.", output);
        var config = NodeConfig.ReadForCommands(data);
        var genesis = GenesisFile.Read(Path.Combine(data, config.Genesis));
        RequireRoles(genesis, config.Member);
        using var organisation = MemberKeys.LoadOrganisation(data);
        using var channel = node.Open(arguments, config.AddressHere);
        var regulator = new Registrar(new RxChainClient(channel.CreateCallInvoker(), genesis.Origin, PolicyOf(genesis)), genesis.Origin, config.Member, organisation);
        var (prescriber, pharmacist) = (new DemoPerson(), new DemoPerson());
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        soon.CancelAfter(Patience);
        await regulator.RegisterAsync(prescriber, Profession.Prescriber, soon.Token);
        await regulator.RegisterAsync(pharmacist, Profession.Pharmacist, soon.Token);
        SecretFile.Write(output, Json(genesis, config.Member, organisation, prescriber, pharmacist));
        Console.WriteLine($"{output}: a prescriber and a pharmacist of {config.Member}, registered. It holds private keys: for trying things out only.");
    }

    private static void RequireRoles(GenesisLeaf genesis, string member)
    {
        var roles = genesis.Members.SingleOrDefault(m => m.Name == member)?.Roles ?? [];
        if (Needed.Except(roles).ToArray() is { Length: > 0 } missing)
        {
            throw new InvalidDataException(
                $"{member} has no role {string.Join(", ", missing).ToLowerInvariant()} in the genesis. The samples need one member with all three: rxnode init --role hospital pharmacy regulator.");
        }
    }

    private static TlogPolicy PolicyOf(GenesisLeaf genesis) =>
        TlogPolicy.TryParse(Encoding.UTF8.GetBytes(genesis.QuorumText), out var policy, out var errors)
            ? policy : throw new InvalidDataException(errors[0]);

    // The grammar of grpc-api/samples/README.md.
    private static byte[] Json(GenesisLeaf genesis, string member, P256PrivateKey organisation, DemoPerson prescriber, DemoPerson pharmacist)
    {
        var organisationParty = new { name = member, key = PemEncoding.WriteString("PRIVATE KEY", organisation.ExportPkcs8()) };
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            network = genesis.Origin,
            policy = genesis.QuorumText,
            hospital = organisationParty,
            prescriber = Practitioner(prescriber),
            pharmacy = organisationParty,
            pharmacist = Practitioner(pharmacist),
        });
    }

    private static object Practitioner(DemoPerson person) => new { id = Convert.ToHexStringLower(person.Id.Span), key = person.ExportPem() };

    /// <summary>A regulator that registers practitioners of its own organisation.</summary>
    private sealed class Registrar(RxChainClient client, string network, string member, P256PrivateKey key)
    {
        public async Task RegisterAsync(DemoPerson person, Profession profession, CancellationToken cancellation)
        {
            var draft = new Event
            {
                Organisation = member,
                Role = Role.Regulator,
                TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                RegisterPractitioner = person.Registration(network, profession, member),
            };
            await client.ActAsync(draft, [new EventSigner(key)], Commitment.Final, cancellationToken: cancellation);
        }
    }
}
