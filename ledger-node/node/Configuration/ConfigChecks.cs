using System.Net;
using RxChain.Ledger.Members;

namespace RxChain.Node.Configuration;

/// <summary>What is wrong with a configuration: every fault, each with the member of the file that has it.</summary>
internal static class ConfigChecks
{
    private const string HowToGetTls =
        "is missing: make certificates with rxnode pki and name them here; to try things out on loopback without TLS set \"plaintext\": true, or use rxnode run --plaintext";

    /// <summary>An IP address with a port; null when the text is something else.</summary>
    public static IPEndPoint? EndPoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && text.EndsWith($":{endpoint.Port}", StringComparison.Ordinal) ? endpoint : null;

    public static IEnumerable<string> Faults(NodeConfig config)
    {
        if (!MemberCard.IsName(config.Member))
            yield return $"member: \"{config.Member}\" is not 1 to 64 of a-z, 0-9, '.' and '-'";
        if (config.Network.Length == 0)
            yield return "network: the origin of the network is missing";
        if (config.Genesis.Length == 0)
            yield return "genesis: the path of the genesis file is missing";
        foreach (string fault in AddressFaults(config).Concat(TlsFaults(config)).Concat(PeerFaults(config)).Concat(OrderingFaults(config)).Concat(OtherFaults(config)))
            yield return fault;
    }

    /// <summary>Files of TLS that the configuration names and that are not there.</summary>
    public static IEnumerable<string> MissingFiles(NodeConfig config) =>
        from file in Files(config)
        where file.Path is not null && !File.Exists(config.PathOf(file.Path))
        select $"{file.Name}: {Path.GetFullPath(config.PathOf(file.Path))} does not exist. Certificates are made with: rxnode pki. To try things out on loopback without TLS: rxnode run --plaintext";

    private static IEnumerable<(string Name, string? Path)> Files(NodeConfig config) =>
    [
        ("tls.certificate", config.Tls?.Certificate), ("tls.key", config.Tls?.Key), ("tls.clientAuthorities", config.Tls?.ClientAuthorities),
        .. config.Peers.Select((peer, i) => ($"peers[{i}].authority", peer.Authority)),
        ("ordering.certificate", config.Ordering.Certificate), ("ordering.key", config.Ordering.Key), ("ordering.authorities", config.Ordering.Authorities),
    ];

    private static IEnumerable<string> AddressFaults(NodeConfig config)
    {
        var addresses = new List<(string Name, string Text)> { ("listen", config.Listen), ("tiles", config.Tiles) };
        if (config.PeerListen is { } peers)
            addresses.Add(("peerListen", peers));
        foreach (var (name, text) in addresses)
        {
            if (EndPoint(text) is not { } endpoint)
                yield return $"{name}: \"{text}\" must be an IP address and port, for instance 127.0.0.1:7600";
            else if (config.Tls is null && !IPAddress.IsLoopback(endpoint.Address))
                yield return $"{name}: \"{text}\" must be a loopback address: others need mutual TLS, see \"tls\"";
        }
        var taken = addresses.GroupBy(a => a.Text).Where(group => group.Count() > 1 && EndPoint(group.Key) is { Port: not 0 });
        foreach (var group in taken)
            yield return $"{string.Join(", ", group.Select(a => a.Name))}: must differ, all are {group.Key}";
    }

    private static IEnumerable<string> TlsFaults(NodeConfig config)
    {
        if (config.Tls is not { } tls)
        {
            if (!config.Plaintext)
                yield return $"tls: {HowToGetTls}";
            yield break;
        }
        if (config.Plaintext)
            yield return "plaintext: cannot be true where \"tls\" is; take one of them away";
        foreach (var (name, path) in new[] { ("certificate", tls.Certificate), ("key", tls.Key), ("clientAuthorities", tls.ClientAuthorities) })
        {
            if (path.Length == 0)
                yield return $"tls.{name}: {HowToGetTls}";
        }
    }

    private static IEnumerable<string> PeerFaults(NodeConfig config)
    {
        for (int i = 0; i < config.Peers.Count; i++)
        {
            if (config.Peers[i] is not { } peer)
            {
                yield return $"peers[{i}]: is empty";
                continue;
            }
            if (!MemberCard.IsName(peer.Member))
                yield return $"peers[{i}].member: \"{peer.Member}\" is not 1 to 64 of a-z, 0-9, '.' and '-'";
            else if (peer.Member == config.Member)
                yield return $"peers[{i}].member: {peer.Member} is this node itself";
            else if (config.Peers.Take(i).Any(p => p?.Member == peer.Member))
                yield return $"peers[{i}].member: {peer.Member} is there already";
            if (AddressFault(config, peer.Address) is { } fault)
                yield return $"peers[{i}].address: {fault}";
            if (!config.Plaintext && string.IsNullOrEmpty(peer.Authority))
                yield return $"peers[{i}].authority: the file with the authority of {peer.Member}'s node is missing: that member's own ca.crt";
        }
    }

    private static IEnumerable<string> OrderingFaults(NodeConfig config)
    {
        var ordering = config.Ordering;
        if (ordering.Kind is not (OrderingConfig.Local or OrderingConfig.Etcd or OrderingConfig.None))
            yield return $"ordering.kind: \"{ordering.Kind}\" is not \"local\", \"etcd\" or \"none\"";
        if (ordering.Kind != OrderingConfig.Etcd)
            yield break;
        if (ordering.Endpoints.Count == 0)
            yield return "ordering.endpoints: the client addresses of etcd's members are missing, for instance [\"https://10.0.0.1:2379\"]";
        for (int i = 0; i < ordering.Endpoints.Count; i++)
        {
            if (AddressFault(config, ordering.Endpoints[i]) is { } fault)
                yield return $"ordering.endpoints[{i}]: {fault}";
        }
        if (!ordering.Endpoints.Any(e => e.StartsWith("https:", StringComparison.Ordinal)))
            yield break;
        foreach (var (name, path) in new[] { ("certificate", ordering.Certificate), ("key", ordering.Key), ("authorities", ordering.Authorities) })
        {
            if (string.IsNullOrEmpty(path))
                yield return $"ordering.{name}: is missing, and etcd over https needs it; rxnode pki makes it";
        }
    }

    private static IEnumerable<string> OtherFaults(NodeConfig config)
    {
        if (config.Limits is { } limits)
        {
            foreach (var (name, value) in new[] { ("callsPerSecond", limits.CallsPerSecond), ("burst", limits.Burst), ("concurrentCalls", limits.ConcurrentCalls) })
            {
                if (value < 1)
                    yield return $"limits.{name}: {value} must be 1 or more";
            }
        }
        if (config.Metrics is { } metrics && !(Uri.TryCreate(metrics.Otlp, UriKind.Absolute, out var collector) && (collector.Scheme == Uri.UriSchemeHttp || collector.Scheme == Uri.UriSchemeHttps)))
            yield return $"metrics.otlp: \"{metrics.Otlp}\" is not the address of a collector, for instance http://127.0.0.1:4317";
    }

    private static string? AddressFault(NodeConfig config, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.PathAndQuery != "/" || uri.IsDefaultPort
            || uri.HostNameType is not (UriHostNameType.IPv4 or UriHostNameType.IPv6))
            return $"\"{address}\" must be https://, an IP address and a port, for instance https://10.0.0.1:7602";
        if (uri.Scheme == Uri.UriSchemeHttps)
            return null;
        return uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && config.Plaintext
            ? null : $"\"{address}\" must be https://; http:// is for loopback, and only with \"plaintext\": true";
    }
}
