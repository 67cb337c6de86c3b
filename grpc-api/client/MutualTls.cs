using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RxChain.Client;

/// <summary>How a client and its organisation's node know each other.</summary>
public static class MutualTls
{
    /// <summary>A handler for <c>GrpcChannelOptions.HttpHandler</c>. The node's certificate must be for the address that is called.</summary>
    /// <param name="certificatePath">The client's certificate, PEM.</param>
    /// <param name="keyPath">Its private key, PEM.</param>
    /// <param name="authoritiesPath">The only authorities that may have signed the node's certificate, PEM.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">A file does not hold what it should.</exception>
    public static SocketsHttpHandler CreateHandler(string certificatePath, string keyPath, string authoritiesPath)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        trust.CustomTrustStore.ImportFromPemFile(authoritiesPath);
        var between = new X509Certificate2Collection();
        between.ImportFromPemFile(certificatePath);
        var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        return new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, between, offline: true),
                CertificateChainPolicy = trust,
            },
        };
    }
}
