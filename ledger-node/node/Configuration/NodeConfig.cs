using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RxChain.Node.Configuration;

/// <summary>
/// A node's configuration: <c>rxnode.json</c> in its data directory. Environment variables override single values: see
/// <see cref="ConfigEnvironment"/>. Paths are relative to the data directory.
/// </summary>
public sealed record NodeConfig
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "rxnode.json";

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        RespectNullableAnnotations = true,
    };

    /// <summary>The member's name.</summary>
    public string Member { get; init; } = "";

    /// <summary>Origin of the network.</summary>
    public string Network { get; init; } = "";

    /// <summary>Genesis file.</summary>
    public string Genesis { get; init; } = "genesis.rx";

    /// <summary>Address and port where clients are served (gRPC).</summary>
    public string Listen { get; init; } = "127.0.0.1:7600";

    /// <summary>Address and port where tiles are served (HTTP/1.1).</summary>
    public string Tiles { get; init; } = "127.0.0.1:7601";

    /// <summary>Address and port where the other members' nodes are served (gRPC); null: nowhere.</summary>
    public string? PeerListen { get; init; }

    /// <summary>Serve without TLS and without asking who calls: on loopback only, for trying things out.</summary>
    public bool Plaintext { get; init; }

    /// <summary>Certificates for clients and peers; null only in plaintext.</summary>
    public TlsConfig? Tls { get; init; }

    /// <summary>The other members' nodes.</summary>
    public IReadOnlyList<PeerConfig> Peers { get; init; } = [];

    /// <summary>Where batches get their order.</summary>
    public OrderingConfig Ordering { get; init; } = new();

    /// <summary>How much one client may ask; null: the usual.</summary>
    public LimitsConfig? Limits { get; init; }

    /// <summary>Where metrics go; null: nowhere.</summary>
    public MetricsConfig? Metrics { get; init; }

    /// <summary>The data directory that it was read from.</summary>
    [JsonIgnore]
    public string DataDirectory { get; private init; } = "";

    /// <summary>Where gRPC is served, of a checked configuration.</summary>
    [JsonIgnore]
    public IPEndPoint GrpcEndPoint => ConfigChecks.EndPoint(Listen)!;

    /// <summary>Where tiles are served, of a checked configuration.</summary>
    [JsonIgnore]
    public IPEndPoint TileEndPoint => ConfigChecks.EndPoint(Tiles)!;

    /// <summary>Where other nodes are served, of a checked configuration; null: nowhere.</summary>
    [JsonIgnore]
    public IPEndPoint? PeerEndPoint => PeerListen is null ? null : ConfigChecks.EndPoint(PeerListen);

    /// <summary>Where gRPC is reached from this machine.</summary>
    [JsonIgnore]
    public string AddressHere
    {
        get
        {
            var listen = GrpcEndPoint;
            var here = listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : listen.Address;
            return $"{(Tls is null ? "http" : "https")}://{new IPEndPoint(here, listen.Port)}";
        }
    }

    /// <summary>A path of the configuration, from the data directory.</summary>
    public string PathOf(string path) => Path.Combine(DataDirectory, path);

    /// <summary>The file's text.</summary>
    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <summary>Reads and checks a node's configuration: its file, the environment of this process, and that the files it names exist.</summary>
    /// <param name="dataDirectory">Where the file is.</param>
    /// <param name="plaintext">As if the file said so; what it says about TLS does not count then.</param>
    /// <exception cref="InvalidDataException">The message has every fault, a line each.</exception>
    public static NodeConfig Read(string dataDirectory, bool plaintext = false)
    {
        var config = TryRead(dataDirectory, name => name == ConfigEnvironment.Plaintext && plaintext ? "true" : Environment.GetEnvironmentVariable(name), out var faults);
        if (config is not null)
            faults = [.. ConfigChecks.MissingFiles(config).Select(fault => $"{Path.Combine(dataDirectory, FileName)}: {fault}")];
        return config is not null && faults.Count == 0
            ? config : throw new InvalidDataException(string.Join(Environment.NewLine + "rxnode: ", faults));
    }

    /// <summary>
    /// Reads a configuration for a command beside the node, which may have been told to serve in plaintext on its own command
    /// line. The files it names need not be there.
    /// </summary>
    /// <exception cref="InvalidDataException">The message has every fault, a line each.</exception>
    public static NodeConfig ReadForCommands(string dataDirectory) =>
        TryRead(dataDirectory, Environment.GetEnvironmentVariable, out var faults)
            ?? TryRead(dataDirectory, name => name == ConfigEnvironment.Plaintext ? "true" : Environment.GetEnvironmentVariable(name), out _)
            ?? throw new InvalidDataException(string.Join(Environment.NewLine + "rxnode: ", faults));

    /// <summary>Reads and checks a node's configuration; <paramref name="faults"/> has every fault at once.</summary>
    public static NodeConfig? TryRead(string dataDirectory, Func<string, string?> environment, out IReadOnlyList<string> faults)
    {
        string path = Path.Combine(dataDirectory, FileName);
        try
        {
            var file = JsonSerializer.Deserialize<NodeConfig>(File.ReadAllText(path), Json) ?? new NodeConfig();
            var (config, unreadable) = ConfigEnvironment.Override(file, environment);
            faults = [.. unreadable, .. ConfigChecks.Faults(config).Select(fault => $"{path}: {fault}")];
            return faults.Count == 0 ? config with { DataDirectory = dataDirectory } : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            faults = [$"{path}: {e.Message} Make the data directory with: rxnode init"];
            return null;
        }
    }
}
