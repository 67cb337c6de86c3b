using System.Security.Cryptography.X509Certificates;

namespace RxChain.Node.Tls;

/// <summary>What both ends of a handshake need.</summary>
internal static class TlsHandshake
{
    /// <summary>A policy under which .NET's own look at the chain costs little and downloads nothing: <see cref="TlsPolicy"/> judges.</summary>
    public static X509ChainPolicy NoVerdict() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    /// <summary>The certificate that the other end showed, and those that came with it, to keep; null when it showed none.</summary>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Between)? Copy(X509Certificate? shown, X509Chain? chain)
    {
        if (shown is null)
            return null;
        var between = new X509Certificate2Collection();
        foreach (var certificate in chain?.ChainPolicy.ExtraStore ?? [])
            between.Add(X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span));
        return (X509CertificateLoader.LoadCertificate(shown.GetRawCertData()), between);
    }
}
