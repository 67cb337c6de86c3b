using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;
using RxChain.Storage;

namespace RxChain.SystemTests.Processes;

/// <summary>A network of one member that has the roles hospital, pharmacy and regulator, made by the real commands.</summary>
internal sealed class SoloNetwork : IDisposable
{
    /// <summary>The member.</summary>
    public const string Member = "solo.example";

    private readonly string _root;

    /// <summary>Makes the network below a new temporary directory, or below <paramref name="root"/>.</summary>
    public SoloNetwork(string? root = null, bool plaintext = true)
    {
        _root = root ?? Directory.CreateTempSubdirectory("rxchain-solo-").FullName;
        Directory.CreateDirectory(_root);
        string[] flags = plaintext ? ["--plaintext"] : [];
        string made = Programs.RunNode(["init", "--data", Data, "--name", Member, "--role", "hospital", "pharmacy", "regulator", .. flags]).Expect(0).Output;
        Origin = made.Split('\n')[0].Split(' ')[1];
        Programs.RunNode("genesis", "--card", this["member", "card.rx"], "--network", Origin, "--out", Genesis, "--policy-out", PolicyFile).Expect(0);
    }

    /// <summary>The member's data directory.</summary>
    public string Data => this["member"];

    /// <summary>The member's genesis file.</summary>
    public string Genesis => this["member", "genesis.rx"];

    /// <summary>The policy that auditors hold.</summary>
    public string PolicyFile => this["policy.txt"];

    /// <summary>Origin of the network.</summary>
    public string Origin { get; }

    /// <summary>The only segment of its log.</summary>
    public string Segment => this["member", "log", "00000000.seg"];

    /// <summary>The policy, parsed.</summary>
    public TlogPolicy Policy => TlogPolicy.TryParse(File.ReadAllBytes(PolicyFile), out var policy, out var errors)
        ? policy : throw new InvalidDataException(string.Join("; ", errors));

    /// <summary>A path below the network's directory.</summary>
    public string this[params string[] parts] => Path.Combine([_root, .. parts]);

    /// <summary>The member's key, read from its file.</summary>
    public P256PrivateKey OrganisationKey() =>
        P256PrivateKey.TryImportPkcs8(SecretFile.Read(this["member", "keys", "organisation.key"]), out var key, out string? error)
            ? key : throw new InvalidDataException(error);

    /// <summary>Starts its node.</summary>
    public Task<RunningNode> StartAsync(TimeSpan? patience = null) => RunningNode.StartAsync(Data, patience: patience);

    /// <summary>Audits its data directory by the real auditor.</summary>
    public Finished Audit(string? directory = null) =>
        Programs.RunAuditor("verify", directory ?? Data, "--policy", PolicyFile);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);
}
