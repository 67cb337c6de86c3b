using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace RxChain.Ledger.Keys;

/// <summary>An ECDSA P-256 private key. Signing draws its nonce from the operating system and is thread-safe.</summary>
public sealed class P256PrivateKey : IDisposable
{
    private readonly ECDsa _key;

    private P256PrivateKey(ECDsa key, P256PublicKey publicKey)
    {
        _key = key;
        PublicKey = publicKey;
    }

    /// <summary>The matching public key; disposed with this key.</summary>
    public P256PublicKey PublicKey { get; }

    /// <summary>A new key from the operating system's random source.</summary>
    public static P256PrivateKey Generate()
    {
        var key = ECDsa.Create(P256.Curve);
        return TryWrap(key, out var wrapped, out string? error) ? wrapped : throw new CryptographicException(error);
    }

    /// <summary>Imports an unencrypted PKCS#8 key (RFC 5208); refuses other curves, trailing bytes and malformed DER.</summary>
    public static bool TryImportPkcs8(
        ReadOnlySpan<byte> pkcs8, [NotNullWhen(true)] out P256PrivateKey? key, [NotNullWhen(false)] out string? error)
    {
        key = null;
        var imported = ECDsa.Create();
        try
        {
            imported.ImportPkcs8PrivateKey(pkcs8, out int read);
            error = read == pkcs8.Length ? null : "bytes follow the PKCS#8 key";
        }
        catch (CryptographicException)
        {
            error = "not an unencrypted PKCS#8 elliptic-curve key";
        }
        if (error == null && TryWrap(imported, out key, out error))
            return true;
        imported.Dispose();
        error ??= "not a P-256 key";
        return false;
    }

    /// <summary>The key as unencrypted PKCS#8 (RFC 5208), for a key store to keep.</summary>
    public byte[] ExportPkcs8() => _key.ExportPkcs8PrivateKey();

    /// <summary>Signs SHA-256 of <paramref name="data"/>: 64 bytes r || s, s always low.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => SignDigest(Hash32.Sha256(data));

    /// <summary>As <see cref="Sign"/>, over a digest computed before.</summary>
    public byte[] SignDigest(in Hash32 digest)
    {
        byte[] signature = _key.SignHash(digest.ToArray(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return P256.TryNormalizeLowS(signature)
            ? signature
            : throw new CryptographicException("The platform returned a signature out of range.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        PublicKey.Dispose();
    }

    private static bool TryWrap(
        ECDsa key, [NotNullWhen(true)] out P256PrivateKey? wrapped, [NotNullWhen(false)] out string? error)
    {
        wrapped = null;
        var parameters = key.ExportParameters(includePrivateParameters: false);
        if (parameters.Curve.Oid.Value != P256.Curve.Oid.Value)
        {
            error = "the key is not on P-256";
            return false;
        }
        byte[] encoded = [0x04, .. parameters.Q.X!, .. parameters.Q.Y!];
        if (!P256PublicKey.TryImport(encoded, out var publicKey, out error))
            return false;
        wrapped = new P256PrivateKey(key, publicKey);
        return true;
    }
}
