using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Node.Configuration;
using RxChain.Node.Hosting;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Storage;

namespace RxChain.Node.Commands;

/// <summary>Commands that make a network: <c>init</c>, <c>keygen</c>, <c>genesis</c>.</summary>
internal static class NetworkCommands
{
    private const int HourMs = 3_600_000;

    public static Command Init()
    {
        var data = CommonOptions.Data();
        var name = new Option<string>("--name") { Description = "The member's name: a-z, 0-9, '.' and '-'.", Required = true };
        var roles = new Option<string[]>("--role") { Description = "hospital, pharmacy, regulator or insurer; several may be given.", Required = true, AllowMultipleArgumentsPerToken = true };
        var network = new Option<string>("--network") { Description = "Origin of the network; default: a new one under the name rx.example." };
        var plaintext = CommonOptions.Plaintext();
        var command = new Command("init", "Make a member's data directory: keys, configuration and its card for the genesis.") { data, name, roles, network, plaintext };
        command.SetAction(result => Guarded.Run(() =>
        {
            string origin = result.GetValue(network) ?? NewOrigin("rx.example");
            string member = result.GetRequiredValue(name);
            if (!MemberCard.IsName(member))
                throw new InvalidDataException($"--name: \"{member}\" is not 1 to 64 of a-z, 0-9, '.' and '-'.");
            if (!GenesisRules.IsOrigin(origin))
                throw new InvalidDataException($"--network: \"{origin}\" must be 18 to 128 of [a-z0-9./-] and end in '/' and 16 hexadecimal digits.");
            var memberRoles = result.GetRequiredValue(roles).Select(ParseRole).ToArray();
            string root = Path.GetFullPath(result.GetRequiredValue(data));
            string card = Path.Combine(root, "card.rx"), config = Path.Combine(root, NodeConfig.FileName);
            NewFiles.RequireNone("Give another --data.", [.. MemberKeys.PathsIn(root), card, config]);
            using var directory = DataDirectory.Open(root);
            using var keys = MemberKeys.Create(directory);
            NewFiles.Write(card, keys.CreateCard(origin, member, memberRoles).Bytes);
            bool plain = result.GetValue(plaintext);
            NewFiles.Write(config, new NodeConfig { Member = member, Network = origin, Plaintext = plain, Tls = plain ? null : TlsConfig.Default }.ToBytes());
            Console.WriteLine($"network {origin}\ncard    {card}\nNext: rxnode genesis --card {card} ... --out genesis.rx");
        }));
        return command;
    }

    public static Command Keygen()
    {
        var output = new Option<string>("--out") { Description = "File for the private key (PKCS#8, mode 0600).", Required = true };
        var command = new Command("keygen", "Make a P-256 key, for a practitioner or a patient's token.") { output };
        command.SetAction(result => Guarded.Run(() =>
        {
            string path = result.GetRequiredValue(output);
            NewFiles.RequireNone("Give another --out.", path);
            using var key = Ledger.Keys.P256PrivateKey.Generate();
            SecretFile.Write(path, key.ExportPkcs8());
            byte[] keyId = Prescriptions.KeyId.Of(Prescriptions.KeyId.EcdsaP256, key.PublicKey.Encoded);
            Console.WriteLine($"public_key {Convert.ToHexStringLower(key.PublicKey.Encoded)}\nkey_id     {Convert.ToHexStringLower(keyId)}");
        }));
        return command;
    }

    public static Command Genesis()
    {
        var cards = new Option<string[]>("--card") { Description = "Card of a member; once for each.", Required = true, AllowMultipleArgumentsPerToken = true };
        var network = new Option<string>("--network") { Description = "Origin of the network, as in the cards.", Required = true };
        var output = new Option<string>("--out") { Description = "Genesis file to write.", Required = true };
        var policy = new Option<string>("--policy-out") { Description = "File for the tlog-policy that auditors hold." };
        var claimHours = new Option<int>("--claim-hours") { Description = "Hours until a claim lapses.", DefaultValueFactory = _ => 24 };
        var command = new Command("genesis", "Join members' cards into the first leaf of a network.") { cards, network, output, policy, claimHours };
        command.SetAction(result => Guarded.Run(() =>
        {
            string origin = result.GetRequiredValue(network), path = result.GetRequiredValue(output);
            string? policyPath = result.GetValue(policy);
            NewFiles.RequireNone(
                "Members of a network hold the same genesis and policy for good: for another network give other files.",
                policyPath is null ? [path] : [path, policyPath]);
            var members = result.GetRequiredValue(cards).Select(path => ReadCard(origin, path));
            var genesis = Create(origin, members, PolicyOf(result.GetValue(claimHours)), DateTimeOffset.UtcNow);
            NewFiles.Write(path, genesis.ToArray());
            if (policyPath is not null)
                NewFiles.Write(policyPath, Encoding.UTF8.GetBytes(genesis.QuorumText));
            Console.WriteLine($"{genesis.Members.Count} members, {genesis.Validators.Count()} validators; quorum:\n{genesis.QuorumText}");
        }));
        return command;
    }

    public static string NewOrigin(string name) => $"{name}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    public static Policy PolicyOf(int claimHours)
    {
        var policy = DefaultPolicy.Create();
        policy.ClaimPeriodMs = (long)claimHours * HourMs;
        return policy;
    }

    /// <summary>Makes a genesis and checks it as every node will.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public static GenesisLeaf Create(string origin, IEnumerable<MemberCard> cards, Policy policy, DateTimeOffset created)
    {
        var members = cards.OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
        var validators = members.Where(m => m.Validator is not null).ToArray();
        var genesis = new GenesisLeaf
        {
            Origin = origin,
            CreatedMs = created.ToUnixTimeMilliseconds(),
            Members = members,
            Policy = policy,
            QuorumText = QuorumRule.Write(
                validators.Select(v => VerifierKey.Create(origin, NoteAlgorithm.Ed25519, v.Validator!.Log)),
                [.. validators.Select(v => VerifierKey.Create(v.Name, NoteAlgorithm.CosignatureV1, v.Validator!.Cosigner))]),
        };
        return GenesisLeaf.TryParse(genesis.ToArray(), out var parsed, out string error)
            ? parsed : throw new InvalidDataException(error);
    }

    private static MemberCard ReadCard(string origin, string path) =>
        MemberCard.TryParse(origin, File.ReadAllBytes(path), out var card, out string error)
            ? card : throw new InvalidDataException($"{path}: {error}. Was it made for network {origin}?");

    private static Role ParseRole(string name) => name switch
    {
        "hospital" => Role.Hospital,
        "pharmacy" => Role.Pharmacy,
        "regulator" => Role.Regulator,
        "insurer" => Role.Insurer,
        _ => throw new InvalidDataException($"--role: \"{name}\" is not hospital, pharmacy, regulator or insurer."),
    };
}
