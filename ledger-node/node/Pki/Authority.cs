using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RxChain.Node.Tls;

namespace RxChain.Node.Pki;

/// <summary>A certificate with its new key.</summary>
/// <param name="Certificate">PEM.</param>
/// <param name="Key">PKCS#8 in PEM.</param>
public sealed record IssuedCertificate(string Certificate, string Key);

/// <summary>
/// A small certificate authority (RFC 5280) on P-256: for development, and for organisations that have none. Everything it
/// issues it signs itself.
/// </summary>
public sealed class Authority : IDisposable
{
    private const int AuthorityDays = 30 * 365;
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _clock;

    private Authority(X509Certificate2 certificate, TimeProvider clock)
    {
        _certificate = certificate;
        _clock = clock;
    }

    /// <summary>Its certificate and key, to be kept.</summary>
    public IssuedCertificate Files => new(_certificate.ExportCertificatePem(), KeyPem(_certificate.GetECDsaPrivateKey()!));

    /// <summary>Makes one, valid for 30 years.</summary>
    public static Authority Create(string name, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var start = clock.GetUtcNow() - ClocksDiffer;
        return new Authority(request.CreateSelfSigned(start, start.AddDays(AuthorityDays)), clock);
    }

    /// <summary>Takes up one that was made before.</summary>
    /// <exception cref="CryptographicException">Certificate and key are damaged, or not a pair.</exception>
    public static Authority Load(IssuedCertificate files, TimeProvider clock) =>
        new(X509Certificate2.CreateFromPem(files.Certificate, files.Key), clock);

    /// <summary>Issues a certificate for a node or a server: for both ends of a connection.</summary>
    /// <param name="name">Common name: a member's, or a host's.</param>
    /// <param name="addresses">IP addresses and host names; those of this machine's loopback are added.</param>
    /// <param name="days">How long it is valid; never longer than the authority.</param>
    public IssuedCertificate IssueNode(string name, IEnumerable<string> addresses, int days)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (string address in addresses.Concat(["localhost", "127.0.0.1", "::1"]).Distinct())
        {
            if (IPAddress.TryParse(address, out var ip))
                names.AddIpAddress(ip);
            else
                names.AddDnsName(address);
        }
        return Issue(Name(name), days, [CertificateChecks.ServerUsage, CertificateChecks.ClientUsage], names.Build());
    }

    /// <summary>Issues a certificate for a client.</summary>
    /// <param name="name">Common name.</param>
    /// <param name="units">OU values: the client's roles.</param>
    /// <param name="days">How long it is valid; never longer than the authority.</param>
    public IssuedCertificate IssueClient(string name, IEnumerable<string> units, int days) =>
        Issue(Name(name, units), days, [CertificateChecks.ClientUsage]);

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private IssuedCertificate Issue(X500DistinguishedName subject, int days, string[] usages, params X509Extension[] more)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        foreach (var extension in more)
            request.CertificateExtensions.Add(extension);
        var start = new[] { _clock.GetUtcNow() - ClocksDiffer, new DateTimeOffset(_certificate.NotBefore) }.Max();
        var end = new[] { start.AddDays(days), new DateTimeOffset(_certificate.NotAfter) }.Min();
        using var certificate = request.Create(_certificate, start, end, SerialNumber());
        return new IssuedCertificate(certificate.ExportCertificatePem(), KeyPem(key));
    }

    // RFC 5280, section 4.1.2.2: positive, at most 20 bytes.
    private static byte[] SerialNumber()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7f | 0x40);
        return serial;
    }

    private static X500DistinguishedName Name(string name, params IEnumerable<string> units)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        foreach (string unit in units)
            subject.AddOrganizationalUnitName(unit);
        return subject.Build();
    }

    private static string KeyPem(ECDsa key) => key.ExportPkcs8PrivateKeyPem();
}
