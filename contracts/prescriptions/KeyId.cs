using System.Security.Cryptography;

namespace RxChain.Prescriptions;

/// <summary>Names of public keys.</summary>
public static class KeyId
{
    /// <summary>ECDSA P-256 with SHA-256, the public key in SEC1 uncompressed form.</summary>
    public const byte EcdsaP256 = 1;

    /// <summary>Ed25519 (RFC 8032), the public key of 32 bytes. Signs no events.</summary>
    public const byte Ed25519 = 2;

    /// <summary>SHA-256(algorithm byte, public key): 32 bytes.</summary>
    public static byte[] Of(byte algorithm, ReadOnlySpan<byte> publicKey) => SHA256.HashData([algorithm, .. publicKey]);
}
