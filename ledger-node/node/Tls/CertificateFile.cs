using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RxChain.Storage;

namespace RxChain.Node.Tls;

/// <summary>A certificate with its key, and the certificates between it and its root, as a TLS handshake needs them.</summary>
internal sealed record KeyedCertificate(X509Certificate2 Certificate, SslStreamCertificateContext Context);

/// <summary>Certificates in PEM files.</summary>
internal static class CertificateFile
{
    /// <summary>Reads a certificate, those that follow it, and its key.</summary>
    /// <exception cref="InvalidDataException">The files do not hold that, or the key is another's. Names the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The key file is open to others.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static KeyedCertificate ReadKeyed(string certificatePath, string keyPath)
    {
        string pem = File.ReadAllText(certificatePath);
        string key = Encoding.UTF8.GetString(SecretFile.Read(keyPath));
        try
        {
            var certificate = X509Certificate2.CreateFromPem(pem, key);
            var between = new X509Certificate2Collection();
            between.ImportFromPem(pem);
            return new KeyedCertificate(certificate, SslStreamCertificateContext.Create(certificate, between, offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"{certificatePath} and {keyPath} are not a certificate and its key in PEM: {e.Message}", e);
        }
    }

    /// <summary>Reads authorities: one or more certificates.</summary>
    /// <exception cref="InvalidDataException">There is none, or one is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static X509Certificate2Collection ReadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(File.ReadAllText(path));
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"{path}: a certificate is damaged: {e.Message}", e);
        }
        return authorities.Count > 0 ? authorities : throw new InvalidDataException($"{path}: holds no certificate in PEM.");
    }
}
