namespace Grpc.Core;

/// <summary>TLS. Grpc.Net.Client takes certificates from its HTTP handler and refuses credentials that name some here.</summary>
/// <param name="rootCertificates">Trusted certificates in PEM; null for the machine's.</param>
/// <param name="keyCertificatePair">The client's own; null for none.</param>
/// <param name="verifyPeerCallback">A last check of the server; null for none.</param>
public sealed class SslCredentials(
    string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    : ChannelCredentials
{
    /// <summary>TLS that trusts the machine's certification authorities.</summary>
    public SslCredentials()
        : this(null)
    {
    }

    /// <summary>TLS that trusts these certification authorities.</summary>
    public SslCredentials(string? rootCertificates)
        : this(rootCertificates, null)
    {
    }

    /// <summary>Mutual TLS.</summary>
    public SslCredentials(string? rootCertificates, KeyCertificatePair? keyCertificatePair)
        : this(rootCertificates, keyCertificatePair, null)
    {
    }

    /// <summary>Trusted certificates in PEM; null for the machine's.</summary>
    public string? RootCertificates => rootCertificates;

    /// <summary>The client's own; null for none.</summary>
    public KeyCertificatePair? KeyCertificatePair => keyCertificatePair;

    internal override bool IsComposable => true;

    /// <inheritdoc/>
    public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
        configurator.SetSslCredentials(state, rootCertificates, keyCertificatePair, verifyPeerCallback);
}
