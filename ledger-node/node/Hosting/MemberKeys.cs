using RxChain.Engine.Core;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Prescriptions.Events;
using RxChain.Storage;

namespace RxChain.Node.Hosting;

/// <summary>
/// A member's private keys, each in a file of mode 0600 in the data directory's <c>keys</c> folder: <c>organisation.key</c>
/// (P-256, PKCS#8), and for a validator <c>node.key</c>, <c>cosigner.key</c>, <c>log.key</c> (Ed25519 seeds, 32 bytes).
/// </summary>
public sealed class MemberKeys : IDisposable
{
    private static readonly string[] Names = ["organisation", "node", "cosigner", "log"];

    private MemberKeys(P256PrivateKey organisation, Ed25519PrivateKey node, Ed25519PrivateKey? cosigner, Ed25519PrivateKey log)
    {
        Organisation = organisation;
        Node = node;
        Cosigner = cosigner;
        Log = log;
    }

    /// <summary>Signs the organisation's events.</summary>
    public P256PrivateKey Organisation { get; }

    /// <summary>Signs batch headers and reports.</summary>
    public Ed25519PrivateKey Node { get; }

    /// <summary>Cosigns checkpoints. Null when its file is not there, as after a restore: the node must not cosign then.</summary>
    public Ed25519PrivateKey? Cosigner { get; }

    /// <summary>Signs checkpoints as the log.</summary>
    public Ed25519PrivateKey Log { get; }

    /// <summary>Makes new keys and stores them; existing key files are never overwritten.</summary>
    public static MemberKeys Create(DataDirectory directory)
    {
        var cosigner = Ed25519PrivateKey.Generate();
        var keys = new MemberKeys(P256PrivateKey.Generate(), Ed25519PrivateKey.Generate(), cosigner, Ed25519PrivateKey.Generate());
        SecretFile.Write(PathOf(directory, "organisation"), keys.Organisation.ExportPkcs8());
        SecretFile.Write(PathOf(directory, "node"), keys.Node.ExportSeed());
        SecretFile.Write(PathOf(directory, "cosigner"), cosigner.ExportSeed());
        SecretFile.Write(PathOf(directory, "log"), keys.Log.ExportSeed());
        return keys;
    }

    /// <summary>Reads the keys of a data directory.</summary>
    /// <exception cref="InvalidDataException">A file does not hold the key that it should.</exception>
    /// <exception cref="UnauthorizedAccessException">A key file is open to others.</exception>
    public static MemberKeys Load(DataDirectory directory)
    {
        var organisation = LoadOrganisation(directory.Root);
        return new MemberKeys(organisation, Seed(directory, "node"), File.Exists(CosignerPath(directory)) ? Seed(directory, "cosigner") : null, Seed(directory, "log"));
    }

    /// <summary>Reads the organisation's key alone, also while a node has the directory open.</summary>
    /// <exception cref="InvalidDataException">The file does not hold the key that it should.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is open to others.</exception>
    public static P256PrivateKey LoadOrganisation(string dataDirectory)
    {
        string path = PathsIn(dataDirectory)[0];
        return P256PrivateKey.TryImportPkcs8(Read(path), out var organisation, out string? error)
            ? organisation : throw new InvalidDataException($"{path}: {error}.");
    }

    /// <summary>Where the keys of a data directory are; the organisation's first.</summary>
    public static IReadOnlyList<string> PathsIn(string dataDirectory) =>
        [.. Names.Select(name => Path.Combine(DataDirectory.KeysIn(dataDirectory), name + ".key"))];

    /// <summary>Null when these are the keys of a validator that the genesis names; else what differs, by member or file.</summary>
    internal string? FaultAgainst(GenesisLeaf genesis, string member, DataDirectory directory)
    {
        if (genesis.Members.SingleOrDefault(m => m.Name == member) is not { } card)
            return $"The genesis names no member {member}, only {string.Join(", ", genesis.Members.Select(m => m.Name))}.";
        if (card.Validator is not { } validator)
            return $"The genesis names {member}, but not as a validator.";
        (string Name, bool IsThatOfTheGenesis)[] keys =
        [
            ("organisation", Organisation.PublicKey.Encoded.SequenceEqual(card.OrganisationKey)),
            ("node", Node.PublicKey.Equals(validator.Node)),
            ("cosigner", Cosigner is null || Cosigner.PublicKey.Equals(validator.Cosigner)),
            ("log", Log.PublicKey.Equals(validator.Log)),
        ];
        return keys.FirstOrDefault(key => !key.IsThatOfTheGenesis) is { Name: { } name }
            ? $"{PathOf(directory, name)}: is not the key that the genesis names for {member}." : null;
    }

    /// <summary>The member's card for a network.</summary>
    public MemberCard CreateCard(string network, string name, IEnumerable<Role> roles) =>
        MemberCard.Create(network, name, roles, Organisation, Node, Cosigner ?? throw new InvalidOperationException("A card needs a cosigner key."), Log);

    /// <summary>The validator that these keys make; null without a cosigner key.</summary>
    public ValidatorIdentity? Validator(string name) => Cosigner is null ? null : new(name, Node, Cosigner, Log);

    /// <summary>Where the cosigner key of a data directory is.</summary>
    internal static string CosignerPath(DataDirectory directory) => PathOf(directory, "cosigner");

    /// <inheritdoc/>
    public void Dispose()
    {
        Organisation.Dispose();
        Node.Dispose();
        Cosigner?.Dispose();
        Log.Dispose();
    }

    private static byte[] Read(string path) => File.Exists(path)
        ? SecretFile.Read(path)
        : throw new InvalidDataException($"{path} does not exist. Put the member's own copy there, mode 0600: keys are never in a backup.");

    private static Ed25519PrivateKey Seed(DataDirectory directory, string name)
    {
        string path = PathOf(directory, name);
        byte[] seed = Read(path);
        return seed.Length == Ed25519.SeedBytes
            ? new Ed25519PrivateKey(seed)
            : throw new InvalidDataException($"{path}: an Ed25519 seed is {Ed25519.SeedBytes} bytes, not {seed.Length}.");
    }

    private static string PathOf(DataDirectory directory, string name) => Path.Combine(directory.KeysDirectory, name + ".key");
}
