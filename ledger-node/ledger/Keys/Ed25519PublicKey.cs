using System.Diagnostics.CodeAnalysis;
using Rfc8032 = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace RxChain.Ledger.Keys;

/// <summary>An Ed25519 public key (RFC 8032) of prime order. Immutable, thread-safe; equal by bytes.</summary>
public sealed class Ed25519PublicKey : IEquatable<Ed25519PublicKey>
{
    private readonly byte[] _encoded;

    private Ed25519PublicKey(byte[] encoded) => _encoded = encoded;

    /// <summary>The 32-byte encoding.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>
    /// Imports 32 bytes. Refuses other lengths, non-canonical encodings, points off the curve, and points outside the
    /// prime-order group: under a small-order key one signature fits many messages, so it could not bind its owner.
    /// </summary>
    public static bool TryImport(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Ed25519PublicKey? key)
    {
        key = null;
        if (encoded.Length != Ed25519.PublicKeyBytes || !Ed25519.IsCanonicalPoint(encoded))
            return false;
        byte[] copy = encoded.ToArray();
        if (!Rfc8032.ValidatePublicKeyFull(copy, 0))
            return false;
        key = new Ed25519PublicKey(copy);
        return true;
    }

    /// <summary>True when <paramref name="signature"/> is this key's strict Ed25519 signature of <paramref name="message"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Ed25519.IsCanonicalSignature(signature) && Ed25519.VerifyCore(_encoded, message, signature);

    /// <inheritdoc/>
    public bool Equals(Ed25519PublicKey? other) => other != null && _encoded.AsSpan().SequenceEqual(other._encoded);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Ed25519PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_encoded);

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(_encoded);
}
