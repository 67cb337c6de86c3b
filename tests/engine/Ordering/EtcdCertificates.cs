using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>An authority, the certificate of the etcd members, and one for each user: PEM files in a directory.</summary>
internal sealed class EtcdCertificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rxchain-etcd-tls-").FullName;
    private readonly X509Certificate2 _authority;

    public EtcdCertificates(params string[] users)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        File.WriteAllText(PathOf("ca.crt"), _authority.ExportCertificatePem());
        // Without a common name: etcd's own gateway must not pass for a user.
        Issue("server", "O=etcd");
        foreach (string user in users)
            Issue(user, $"CN={user}");
    }

    /// <summary>What etcd is started with.</summary>
    public IEnumerable<string> ServerArguments =>
    [
        "--client-cert-auth", "--trusted-ca-file", PathOf("ca.crt"), "--cert-file", PathOf("server.crt"), "--key-file", PathOf("server.key"),
        "--peer-client-cert-auth", "--peer-trusted-ca-file", PathOf("ca.crt"), "--peer-cert-file", PathOf("server.crt"), "--peer-key-file", PathOf("server.key"),
    ];

    /// <summary>The authority, as a client trusts it.</summary>
    public X509Certificate2Collection Authorities => [_authority];

    /// <summary>A user's certificate with its key.</summary>
    public X509Certificate2 Of(string user) => X509Certificate2.CreateFromPemFile(PathOf($"{user}.crt"), PathOf($"{user}.key"));

    /// <summary>What etcdctl needs to act as a user at a member.</summary>
    public Dictionary<string, string> Environment(string user, Uri endpoint) => new()
    {
        ["ETCDCTL_API"] = "3",
        ["ETCDCTL_ENDPOINTS"] = endpoint.AbsoluteUri.TrimEnd('/'),
        ["ETCDCTL_CACERT"] = PathOf("ca.crt"),
        ["ETCDCTL_CERT"] = PathOf($"{user}.crt"),
        ["ETCDCTL_KEY"] = PathOf($"{user}.key"),
    };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Issue(string name, string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, _authority.NotBefore, _authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(PathOf($"{name}.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private string PathOf(string file) => Path.Combine(_directory, file);
}
