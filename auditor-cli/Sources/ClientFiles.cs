using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RxChain.Auditor.Sources;

/// <summary>Files with which a live node is asked under mutual TLS, all PEM.</summary>
/// <param name="Certificate">A client's certificate, of the role reader or auditor.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authority">The only authority that may have signed the node's certificate.</param>
internal sealed record ClientFiles(string Certificate, string Key, string Authority)
{
    /// <summary>Reads them; null, or what is wrong.</summary>
    public string? TryRead(out SslClientAuthenticationOptions? tls)
    {
        tls = null;
        try
        {
            var trust = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            trust.CustomTrustStore.ImportFromPemFile(Authority);
            var between = new X509Certificate2Collection();
            between.ImportFromPemFile(Certificate);
            var certificate = X509Certificate2.CreateFromPemFile(Certificate, Key);
            tls = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, between, offline: true),
                CertificateChainPolicy = trust,
            };
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"--cert {Certificate}, --key {Key} or --ca {Authority} cannot be used: {e.Message}";
        }
    }
}
