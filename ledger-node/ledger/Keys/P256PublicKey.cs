using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace RxChain.Ledger.Keys;

/// <summary>
/// An ECDSA P-256 public key. Through libcrypto, where it is found, an import costs a twentieth of a verification; through
/// .NET about two (docs/adr/0005). Thread-safe: the platform key is never changed after import, and each verification has
/// its own context.
/// </summary>
public sealed class P256PublicKey : IEquatable<P256PublicKey>, IDisposable
{
    private const byte UncompressedPrefix = 0x04;

    // One of the two.
    private readonly NativeP256Key? _native;
    private readonly ECDsa? _key;
    private readonly byte[] _encoded;

    private P256PublicKey(NativeP256Key? native, ECDsa? key, byte[] encoded)
    {
        _native = native;
        _key = key;
        _encoded = encoded;
    }

    /// <summary>The 65-byte uncompressed SEC 1 point.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded;

    /// <summary>
    /// Imports an uncompressed SEC 1 point (SEC 1, section 2.3.4). Refuses any other length or prefix, coordinates not
    /// below p, and points off the curve; infinity has another length and a prefix of its own.
    /// </summary>
    public static bool TryImport(
        ReadOnlySpan<byte> sec1, [NotNullWhen(true)] out P256PublicKey? key, [NotNullWhen(false)] out string? error) =>
        TryImport(sec1, NativeP256Key.IsSupported, out key, out error);

    /// <summary>
    /// Null when <paramref name="sec1"/> is a point that <see cref="TryImport(ReadOnlySpan{byte}, out P256PublicKey?, out string?)"/>
    /// takes, else why not; costs a fiftieth of a verification.
    /// </summary>
    public static string? CheckPoint(ReadOnlySpan<byte> sec1)
    {
        if (sec1.Length != P256.PublicKeyBytes)
            return $"a P-256 public key is {P256.PublicKeyBytes} bytes, not {sec1.Length}";
        if (sec1[0] != UncompressedPrefix)
            return $"a P-256 public key starts with 0x04, not 0x{sec1[0]:x2}";
        return P256.IsOnCurve(sec1[1..33], sec1[33..]) ? null : "the point is not on P-256";
    }

    /// <summary>
    /// Verifies r || s over SHA-256 of <paramref name="data"/>. Either form of s is accepted;
    /// where one form is required, ask <see cref="P256.IsLowS"/> too.
    /// </summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        VerifyDigest(Hash32.Sha256(data), signature);

    /// <summary>As <see cref="Verify"/>, over a digest computed before.</summary>
    public bool VerifyDigest(in Hash32 digest, ReadOnlySpan<byte> signature) =>
        P256.IsInRange(signature)
        && (_native?.VerifyDigest(digest, signature)
            ?? _key!.VerifyHash(digest.Span, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    /// <inheritdoc/>
    public bool Equals(P256PublicKey? other) => other != null && _encoded.AsSpan().SequenceEqual(other._encoded);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as P256PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_encoded, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        _native?.Dispose();
        _key?.Dispose();
    }

    // The tests try both ways.
    internal static bool TryImport(
        ReadOnlySpan<byte> sec1, bool native, [NotNullWhen(true)] out P256PublicKey? key, [NotNullWhen(false)] out string? error)
    {
        key = null;
        error = CheckPoint(sec1);
        if (error != null)
            return false;
        key = native && NativeP256Key.Import(sec1) is { } imported
            ? new P256PublicKey(imported, null, sec1.ToArray())
            : new P256PublicKey(null, ImportByDotNet(sec1), sec1.ToArray());
        return true;
    }

    private static ECDsa ImportByDotNet(ReadOnlySpan<byte> sec1) => ECDsa.Create(
        new ECParameters { Curve = P256.Curve, Q = new ECPoint { X = sec1[1..33].ToArray(), Y = sec1[33..].ToArray() } });
}
