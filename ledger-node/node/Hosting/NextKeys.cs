using Google.Protobuf;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Members;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;
using RxChain.Storage;

namespace RxChain.Node.Hosting;

/// <summary>
/// A member's next keys: in <c>keys/next</c>, with the card that names them, until a vote has brought them into force. Then
/// they take the places of those in use, which are kept. No key file is ever overwritten.
/// </summary>
internal static class NextKeys
{
    private const string Card = "card.rx";
    private const string BeforePrefix = "before-";
    private const string Organisation = "organisation";
    private static readonly string[] Validator = ["node", "cosigner", "log"];

    /// <summary>Makes the keys named (none: all), takes the others over, and writes the card. Returns its path.</summary>
    /// <exception cref="InvalidDataException">Next keys are there already, or a key to take over is not.</exception>
    public static string Make(string root, string network, IReadOnlyList<string> fresh, bool observer)
    {
        string[] names = observer ? [Organisation] : [Organisation, .. Validator];
        if (fresh.Except(names).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"--new: \"{unknown}\" is not one of {string.Join(", ", names)}.");
        string next = Path.Combine(DataDirectory.KeysIn(root), "next"), cardPath = Path.Combine(next, Card);
        if (Directory.Exists(next))
            throw new InvalidDataException($"{next} exists: these keys wait for a vote. Take them, or move the directory away.");
        bool IsFresh(string name) => fresh.Count == 0 ? !observer : fresh.Contains(name);
        var before = ReadCard(root, network);
        byte[][] secrets = [.. names.Select(name => IsFresh(name) ? Generate(name) : Read(root, name))];
        using var organisation = P256PrivateKey.TryImportPkcs8(secrets[0], out var imported, out string? error)
            ? imported : throw new InvalidDataException($"organisation.key: {error}");
        Ed25519PrivateKey[] keys = [.. secrets.Skip(1).Select(seed => new Ed25519PrivateKey(seed))];
        var card = observer
            ? MemberCard.Create(network, before.Name, before.Roles, organisation)
            : MemberCard.Create(network, before.Name, before.Roles, organisation, keys[0], keys[1], keys[2]);
        Directory.CreateDirectory(next);
        for (int i = 0; i < names.Length; i++)
            SecretFile.Write(PathIn(next, names[i]), secrets[i]);
        File.WriteAllBytes(cardPath, card.Bytes);
        return cardPath;
    }

    /// <summary>Puts the next keys in place when they are the member's keys in force. Returns where those before are.</summary>
    /// <exception cref="InvalidDataException">There are none, or they are not in force.</exception>
    public static string Take(string root, Organisation present)
    {
        string keys = DataDirectory.KeysIn(root), next = Path.Combine(keys, "next"), cardPath = Path.Combine(next, Card);
        if (!File.Exists(cardPath))
            throw new InvalidDataException($"{cardPath} does not exist: make next keys with rxnode rotate-keys.");
        if (!MemberCardLayout.TryRead(File.ReadAllBytes(cardPath), out var card, out string error))
            throw new InvalidDataException($"{cardPath}: {error}.");
        if (!IsInForce(card, present))
            throw new InvalidDataException($"{cardPath}: its keys are not in force. Look at rxnode proposals: has the vote passed?");
        string old = Path.Combine(keys, $"{BeforePrefix}{Convert.ToHexStringLower(KeyId.Of(KeyId.EcdsaP256, card.OrganisationKey.Span)[..4])}-{DateTime.UtcNow:yyyyMMddHHmmss}");
        Directory.CreateDirectory(old);
        // Key by key: after a crash the command goes on with those that are still in next.
        bool validates = card.ValidatorKeys.Count > 0;
        foreach (string name in new[] { Organisation }.Concat(Validator))
        {
            string fresh = PathIn(next, name);
            if (!File.Exists(fresh) && (validates || name == Organisation))
                continue;
            MoveIfThere(PathIn(keys, name), PathIn(old, name));
            MoveIfThere(fresh, PathIn(keys, name));
        }
        MoveIfThere(Path.Combine(root, Card), Path.Combine(old, Card));
        File.Move(cardPath, Path.Combine(root, Card));
        Directory.Delete(next);
        return old;
    }

    /// <summary>Whether keys were put in place that a vote brought into force, so that they need not be those of the genesis.</summary>
    public static bool WereTaken(string root) =>
        Directory.EnumerateDirectories(DataDirectory.KeysIn(root), BeforePrefix + "*").Any();

    private static bool IsInForce(MemberCardLayout card, Organisation present)
    {
        ByteString[] validator = [.. card.ValidatorKeys.Select(key => ByteString.CopyFrom(key.Span))];
        ByteString[] inForce = present.NodeKey.IsEmpty ? [] : [present.NodeKey, present.CosignerKey, present.LogKey];
        return present.KeyId.Span.SequenceEqual(KeyId.Of(KeyId.EcdsaP256, card.OrganisationKey.Span)) && validator.SequenceEqual(inForce);
    }

    private static MemberCard ReadCard(string root, string network)
    {
        string path = Path.Combine(root, Card);
        if (!File.Exists(path))
            throw new InvalidDataException($"{path} does not exist: put the member's present card there.");
        return MemberCard.TryParse(network, File.ReadAllBytes(path), out var card, out string error)
            ? card : throw new InvalidDataException($"{path}: {error}.");
    }

    private static byte[] Generate(string name)
    {
        if (name != Organisation)
            return Ed25519PrivateKey.Generate().ExportSeed();
        using var key = P256PrivateKey.Generate();
        return key.ExportPkcs8();
    }

    private static byte[] Read(string root, string name)
    {
        string path = PathIn(DataDirectory.KeysIn(root), name);
        return File.Exists(path) ? SecretFile.Read(path) : throw new InvalidDataException($"{path} does not exist: make it new with --new {name}.");
    }

    private static void MoveIfThere(string from, string to)
    {
        if (File.Exists(from))
            File.Move(from, to);
    }

    private static string PathIn(string directory, string name) => Path.Combine(directory, name + ".key");
}
