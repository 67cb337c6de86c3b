using System.Security.Cryptography.X509Certificates;

namespace RxChain.Node.Tls;

/// <summary>Checks of a certificate that do not depend on who shows it.</summary>
internal static class CertificateChecks
{
    /// <summary>Extended key usage "server" (RFC 5280, section 4.2.1.12).</summary>
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    /// <summary>Extended key usage "client".</summary>
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>Whether the certificate itself says that it is for a usage. One that says nothing is for none.</summary>
    public static bool IsFor(X509Certificate2 certificate, string usage) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(e => e.EnhancedKeyUsages[usage] is not null);

    /// <summary>Null when the certificate chains to one of the authorities, else why not.</summary>
    /// <param name="certificate">The end of the chain.</param>
    /// <param name="between">Certificates that came with it.</param>
    /// <param name="authorities">Roots: the only ones that count.</param>
    /// <param name="clock">Judges validity; null: dates do not count.</param>
    public static string? ChainFault(
        X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection authorities, TimeProvider? clock)
    {
        if (authorities.Count == 0)
            return "there is no authority that it could come from";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(between);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (clock is null)
            chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreNotTimeNested;
        else
            chain.ChainPolicy.VerificationTime = clock.GetLocalNow().DateTime;
        return chain.Build(certificate)
            ? null : string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
    }
}
