using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace RxChain.Ledger.Tests.Fixtures;

/// <summary>
/// Keys that follow from a label, and ECDSA signatures that follow from key and message (RFC 6979), so that a test's bytes
/// are the same in every run. Private scalar or seed: SHA-256 of "p256 " or "ed25519 " and the label.
/// </summary>
internal static class FixedKeys
{
    private static readonly ECDomainParameters Curve = new(NistNamedCurves.GetByName("P-256"));

    public static Ed25519PrivateKey Ed25519(string label) => new(Secret("ed25519 ", label));

    public static P256PrivateKey P256(string label)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Secret("p256 ", label) });
        Assert.True(P256PrivateKey.TryImportPkcs8(key.ExportPkcs8PrivateKey(), out var imported, out string? error), error);
        return imported;
    }

    public static byte[] PublicKey(string label)
    {
        using var key = P256(label);
        return key.PublicKey.Encoded.ToArray();
    }

    public static byte[] KeyIdOf(string label) => KeyId.Of(KeyId.EcdsaP256, PublicKey(label));

    /// <summary>The low-S signature over SHA-256 of <paramref name="data"/>.</summary>
    public static byte[] Sign(string label, ReadOnlySpan<byte> data) => SignDigest(label, Hash32.Sha256(data));

    public static byte[] SignDigest(string label, in Hash32 digest)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, new ECPrivateKeyParameters(new BigInteger(1, Secret("p256 ", label)), Curve));
        var parts = signer.GenerateSignature(digest.ToArray());
        byte[] signature = [.. Unsigned(parts[0]), .. Unsigned(parts[1])];
        Assert.True(Ledger.Keys.P256.TryNormalizeLowS(signature));
        return signature;
    }

    /// <summary>The other form of a signature: s replaced by n - s.</summary>
    public static byte[] HighS(ReadOnlySpan<byte> lowS)
    {
        var s = Curve.N.Subtract(new BigInteger(1, lowS[32..].ToArray()));
        return [.. lowS[..32], .. Unsigned(s)];
    }

    private static byte[] Unsigned(BigInteger value)
    {
        byte[] bytes = value.ToByteArrayUnsigned();
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    private static byte[] Secret(string kind, string label) => SHA256.HashData(Encoding.UTF8.GetBytes(kind + label));
}
