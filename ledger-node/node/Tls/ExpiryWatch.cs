using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RxChain.GrpcApi.Ports;
using RxChain.Node.Configuration;

namespace RxChain.Node.Tls;

/// <summary>
/// When certificates end that this node depends on: its own (clients refuse it then, other members' nodes do not), the
/// authorities of its clients, clients seen since the start, and that of its etcd user.
/// </summary>
internal sealed class ExpiryWatch(NodeConfig config, TlsFiles files, TimeProvider clock)
{
    /// <summary>Days left from which on there is an alarm.</summary>
    public const int WarningDays = 30;

    private const int MaxClients = 1_000;

    private readonly Dictionary<string, DateTimeOffset> _clients = [];

    /// <summary>A client connected.</summary>
    public void Saw(X509Certificate2 client)
    {
        string name = Subject.Of(client)!.Name;
        lock (_clients)
        {
            if (_clients.Count < MaxClients || _clients.ContainsKey(name))
                _clients[name] = client.NotAfter;
        }
    }

    /// <summary>All of them, the node's own first.</summary>
    public IReadOnlyList<CertificateExpiry> Certificates
    {
        get
        {
            var material = files.Current;
            var all = new List<(string, DateTimeOffset)> { ("node", material.Node.Certificate.NotAfter) };
            all.AddRange(material.ClientAuthorities.Select(authority => ($"client authority {authority.Subject}", new DateTimeOffset(authority.NotAfter))));
            if (OrderingEnd() is { } ordering)
                all.Add(("ordering", ordering));
            lock (_clients)
                all.AddRange(_clients.OrderBy(client => client.Key, StringComparer.Ordinal).Select(client => ($"client {client.Key}", client.Value)));
            var now = clock.GetUtcNow();
            return [.. all.Select(one => new CertificateExpiry(one.Item1, one.Item2, (int)Math.Floor((one.Item2 - now).TotalDays)))];
        }
    }

    /// <summary>A line for each that ends soon or has ended.</summary>
    public IEnumerable<string> Warnings =>
        from certificate in Certificates
        where certificate.DaysLeft < WarningDays
        let when = $"{certificate.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC"
        select certificate.DaysLeft < 0
            ? $"certificate of {certificate.Name} expired on {when}"
            : $"certificate of {certificate.Name} expires in {certificate.DaysLeft} days, on {when}";

    private DateTimeOffset? OrderingEnd()
    {
        if (config.Ordering.Certificate is not { } path)
            return null;
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(config.PathOf(path));
            return certificate.NotAfter;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // The ordering itself says what is wrong with it.
            return null;
        }
    }
}
