using System.Text.Json;

namespace RxChain.Node.Configuration;

/// <summary>
/// Environment variables that override values of the configuration. Lists are JSON, as in the file. RXNODE_PLAINTEXT=true
/// takes back what the file says about TLS.
/// </summary>
internal static class ConfigEnvironment
{
    public const string Plaintext = "RXNODE_PLAINTEXT";

    /// <summary>The configuration with what the environment says, and variables that cannot be read.</summary>
    public static (NodeConfig Config, IReadOnlyList<string> Faults) Override(NodeConfig file, Func<string, string?> environment)
    {
        var faults = new List<string>();
        bool? plaintext = Read<bool?>(Plaintext, environment, faults);
        var tls = plaintext == true ? null : Override(file.Tls, environment);
        return (file with
        {
            Member = environment("RXNODE_MEMBER") ?? file.Member,
            Network = environment("RXNODE_NETWORK") ?? file.Network,
            Genesis = environment("RXNODE_GENESIS") ?? file.Genesis,
            Listen = environment("RXNODE_LISTEN") ?? file.Listen,
            Tiles = environment("RXNODE_TILES") ?? file.Tiles,
            PeerListen = environment("RXNODE_PEER_LISTEN") ?? file.PeerListen,
            Plaintext = plaintext ?? file.Plaintext,
            Tls = tls,
            Peers = Read<IReadOnlyList<PeerConfig>>("RXNODE_PEERS", environment, faults) ?? file.Peers,
            Limits = Read<LimitsConfig>("RXNODE_LIMITS", environment, faults) ?? file.Limits,
            Metrics = environment("RXNODE_METRICS_OTLP") is { } collector ? new MetricsConfig { Otlp = collector } : file.Metrics,
            Ordering = file.Ordering with
            {
                Kind = environment("RXNODE_ORDERING") ?? file.Ordering.Kind,
                Endpoints = Read<IReadOnlyList<string>>("RXNODE_ORDERING_ENDPOINTS", environment, faults) ?? file.Ordering.Endpoints,
                Certificate = environment("RXNODE_ORDERING_CERTIFICATE") ?? file.Ordering.Certificate,
                Key = environment("RXNODE_ORDERING_KEY") ?? file.Ordering.Key,
                Authorities = environment("RXNODE_ORDERING_AUTHORITIES") ?? file.Ordering.Authorities,
            },
        }, faults);
    }

    private static TlsConfig? Override(TlsConfig? file, Func<string, string?> environment)
    {
        var (certificate, key, authorities) =
            (environment("RXNODE_TLS_CERTIFICATE"), environment("RXNODE_TLS_KEY"), environment("RXNODE_TLS_CLIENT_AUTHORITIES"));
        return file is null && certificate is null && key is null && authorities is null ? null : new TlsConfig
        {
            Certificate = certificate ?? file?.Certificate ?? "",
            Key = key ?? file?.Key ?? "",
            ClientAuthorities = authorities ?? file?.ClientAuthorities ?? "",
        };
    }

    private static T? Read<T>(string name, Func<string, string?> environment, List<string> faults)
    {
        if (environment(name) is not { } text)
            return default;
        try
        {
            return JsonSerializer.Deserialize<T>(text, NodeConfig.Json);
        }
        catch (JsonException e)
        {
            faults.Add($"{name}: {e.Message}");
            return default;
        }
    }
}
