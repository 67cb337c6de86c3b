using Rfc8032 = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace RxChain.Ledger.Keys;

/// <summary>Sizes and canonical-form checks of Ed25519 (RFC 8032, section 5.1).</summary>
public static class Ed25519
{
    /// <summary>Length of a private seed.</summary>
    public const int SeedBytes = 32;

    /// <summary>Length of an encoded public key.</summary>
    public const int PublicKeyBytes = 32;

    /// <summary>Length of a signature, R || S.</summary>
    public const int SignatureBytes = 64;

    // The group order L and the field prime p, little-endian as in encodings.
    private static readonly byte[] Order =
        Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    private static readonly byte[] Prime =
        Convert.FromHexString("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    /// <summary>
    /// Verifies a signature without cofactor. Refuses wrong lengths, S >= L, and encodings of R or of the key that are
    /// not canonical; a key of small order verifies nothing. Imports the key each time; to verify again, keep an <see cref="Ed25519PublicKey"/>.
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Ed25519PublicKey.TryImport(publicKey, out var key) && key.Verify(message, signature);

    // Both halves in their one accepted form: y < p for R, S < L.
    internal static bool IsCanonicalSignature(ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureBytes && IsCanonicalPoint(signature[..32]) && IsBelow(signature[32..], Order, 0xFF);

    // The encoding's top bit is the sign of x, not part of y.
    internal static bool IsCanonicalPoint(ReadOnlySpan<byte> encoding) => IsBelow(encoding, Prime, 0x7F);

    internal static bool VerifyCore(byte[] publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Rfc8032.Verify(signature.ToArray(), 0, publicKey, 0, message.ToArray(), 0, message.Length);

    private static bool IsBelow(ReadOnlySpan<byte> value, ReadOnlySpan<byte> limit, byte topMask)
    {
        for (int i = 31; i >= 0; i--)
        {
            int digit = i == 31 ? value[i] & topMask : value[i];
            if (digit != limit[i])
                return digit < limit[i];
        }
        return false;
    }
}
