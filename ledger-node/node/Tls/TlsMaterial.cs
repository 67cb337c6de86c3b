using System.Security.Cryptography.X509Certificates;
using RxChain.Node.Configuration;

namespace RxChain.Node.Tls;

/// <summary>Everything that TLS needs, as the files had it at one moment.</summary>
/// <param name="Node">The node's own certificate.</param>
/// <param name="ClientAuthorities">Who signs certificates of clients.</param>
/// <param name="PeerAuthorities">For each other member who signs its node's certificate; without those whose file was taken away.</param>
internal sealed record TlsMaterial(
    KeyedCertificate Node, X509Certificate2Collection ClientAuthorities, IReadOnlyDictionary<string, X509Certificate2Collection> PeerAuthorities)
{
    /// <summary>Reads all files that the configuration names.</summary>
    /// <exception cref="InvalidDataException">One of them does not hold what it should.</exception>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The key is open to others, or a file is closed to this process.</exception>
    public static TlsMaterial Read(NodeConfig config)
    {
        var tls = config.Tls!;
        string path = config.PathOf(tls.Certificate);
        var node = CertificateFile.ReadKeyed(path, config.PathOf(tls.Key));
        if (Subject.Of(node.Certificate)?.Name != config.Member)
            throw new InvalidDataException($"{path}: is for {node.Certificate.Subject}, but this node's certificate must have CN={config.Member}.");
        if (!CertificateChecks.IsFor(node.Certificate, CertificateChecks.ServerUsage) || !CertificateChecks.IsFor(node.Certificate, CertificateChecks.ClientUsage))
            throw new InvalidDataException($"{path}: must be for both ends of a connection (extended key usages server and client).");
        return new TlsMaterial(node, CertificateFile.ReadAuthorities(config.PathOf(tls.ClientAuthorities)), config.Peers
            .Where(peer => peer.Authority is not null && File.Exists(config.PathOf(peer.Authority)))
            .ToDictionary(peer => peer.Member, peer => CertificateFile.ReadAuthorities(config.PathOf(peer.Authority!))));
    }

    /// <summary>Files whose change is a reason to read again.</summary>
    public static IReadOnlyList<string> Files(NodeConfig config) =>
    [
        .. new[] { config.Tls!.Certificate, config.Tls.Key, config.Tls.ClientAuthorities }.Concat(config.Peers.Select(peer => peer.Authority).OfType<string>())
            .Select(config.PathOf),
    ];
}
