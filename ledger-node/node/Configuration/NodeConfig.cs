using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using RxChain.Ledger.Members;

namespace RxChain.Node.Configuration;

/// <summary>
/// A node's configuration: <c>rxnode.json</c> in its data directory. Environment variables RXNODE_MEMBER, RXNODE_NETWORK,
/// RXNODE_GENESIS, RXNODE_LISTEN and RXNODE_TILES override single values.
/// </summary>
public sealed record NodeConfig
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "rxnode.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The member's name.</summary>
    public string Member { get; init; } = "";

    /// <summary>Origin of the network.</summary>
    public string Network { get; init; } = "";

    /// <summary>Genesis file; relative to the data directory.</summary>
    public string Genesis { get; init; } = "genesis.rx";

    /// <summary>Where gRPC is served: a loopback address and port.</summary>
    public string Listen { get; init; } = "127.0.0.1:7600";

    /// <summary>Where tiles are served: a loopback address and port.</summary>
    public string Tiles { get; init; } = "127.0.0.1:7601";

    /// <summary>The file's text.</summary>
    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <summary>Reads and checks a node's configuration: its file, and the environment of this process.</summary>
    /// <exception cref="InvalidDataException">The message has every fault, a line each.</exception>
    public static NodeConfig Read(string dataDirectory) =>
        TryRead(dataDirectory, Environment.GetEnvironmentVariable, out var faults)
            ?? throw new InvalidDataException(string.Join(Environment.NewLine + "rxnode: ", faults));

    /// <summary>Reads and checks a node's configuration; <paramref name="faults"/> has every fault at once.</summary>
    public static NodeConfig? TryRead(string dataDirectory, Func<string, string?> environment, out IReadOnlyList<string> faults)
    {
        string path = Path.Combine(dataDirectory, FileName);
        try
        {
            var file = JsonSerializer.Deserialize<NodeConfig>(File.ReadAllText(path), Json) ?? new NodeConfig();
            var config = file.Override(environment);
            faults = [.. config.Faults().Select(fault => $"{path}: {fault}")];
            return faults.Count == 0 ? config : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            faults = [$"{path}: {e.Message} Make the data directory with: rxnode init"];
            return null;
        }
    }

    /// <summary>Where gRPC is served, of a checked configuration.</summary>
    [JsonIgnore]
    public IPEndPoint GrpcEndPoint => Loopback(Listen)!;

    /// <summary>Where tiles are served, of a checked configuration.</summary>
    [JsonIgnore]
    public IPEndPoint TileEndPoint => Loopback(Tiles)!;

    private static IPEndPoint? Loopback(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && IPAddress.IsLoopback(endpoint.Address) && text.Contains(':', StringComparison.Ordinal)
            ? endpoint : null;

    private NodeConfig Override(Func<string, string?> environment) => this with
    {
        Member = environment("RXNODE_MEMBER") ?? Member,
        Network = environment("RXNODE_NETWORK") ?? Network,
        Genesis = environment("RXNODE_GENESIS") ?? Genesis,
        Listen = environment("RXNODE_LISTEN") ?? Listen,
        Tiles = environment("RXNODE_TILES") ?? Tiles,
    };

    private IEnumerable<string> Faults()
    {
        if (!MemberCard.IsName(Member))
            yield return $"member: \"{Member}\" is not 1 to 64 of a-z, 0-9, '.' and '-'";
        if (Network.Length == 0)
            yield return "network: the origin of the network is missing";
        if (Genesis.Length == 0)
            yield return "genesis: the path of the genesis file is missing";
        const string MustBeLoopback = "must be a loopback address and port, for instance 127.0.0.1:7600; other addresses need mutual TLS, which this version does not have";
        if (Loopback(Listen) is null)
            yield return $"listen: \"{Listen}\" {MustBeLoopback}";
        if (Loopback(Tiles) is null)
            yield return $"tiles: \"{Tiles}\" {MustBeLoopback}";
        if (Listen == Tiles && !Listen.EndsWith(":0", StringComparison.Ordinal))
            yield return "tiles: must differ from listen: gRPC is HTTP/2 and tiles are HTTP/1.1";
    }
}
