namespace Grpc.Core;

/// <summary>A certificate chain and its private key.</summary>
public sealed class KeyCertificatePair
{
    /// <summary>Makes a pair.</summary>
    /// <exception cref="ArgumentNullException">Either is null.</exception>
    public KeyCertificatePair(string certificateChain, string privateKey)
    {
        ArgumentNullException.ThrowIfNull(certificateChain);
        ArgumentNullException.ThrowIfNull(privateKey);
        CertificateChain = certificateChain;
        PrivateKey = privateKey;
    }

    /// <summary>The certificates in PEM.</summary>
    public string CertificateChain { get; }

    /// <summary>The key in PEM.</summary>
    public string PrivateKey { get; }
}

/// <summary>A last check of the server: false refuses it.</summary>
public delegate bool VerifyPeerCallback(VerifyPeerContext context);

/// <summary>The server to check.</summary>
public class VerifyPeerContext
{
    internal VerifyPeerContext(string targetName, string peerPem)
    {
        TargetName = targetName;
        PeerPem = peerPem;
    }

    /// <summary>The name that was called.</summary>
    public string TargetName { get; }

    /// <summary>The server's certificate in PEM.</summary>
    public string PeerPem { get; }
}
