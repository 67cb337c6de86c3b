using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace RxChain.Ledger.Keys;

/// <summary>Constants and exact forms of ECDSA over NIST P-256 (FIPS 186-5; SEC 2, section 2.4.2).</summary>
public static class P256
{
    /// <summary>Length of an uncompressed SEC 1 point: 0x04 || X || Y.</summary>
    public const int PublicKeyBytes = 65;

    /// <summary>Length of a signature r || s, each a big-endian 32-byte integer.</summary>
    public const int SignatureBytes = 64;

    // SEQUENCE of two INTEGERs of at most 33 bytes.
    private const int MaxDerBytes = 2 + 2 * (2 + 33);

    internal static readonly ECCurve Curve = ECCurve.NamedCurves.nistP256;

    private static readonly byte[] Order =
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private static readonly byte[] HalfOrder =
        Convert.FromHexString("7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8");

    private static readonly BigInteger Prime = Unsigned(
        Convert.FromHexString("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"));

    private static readonly BigInteger CurveB = Unsigned(
        Convert.FromHexString("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"));

    /// <summary>True when the signature is 64 bytes with 0 &lt; r &lt; n and 0 &lt; s &lt; n (FIPS 186-5, section 6.4.2).</summary>
    public static bool IsInRange(ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureBytes && IsScalar(signature[..32]) && IsScalar(signature[32..]);

    /// <summary>
    /// True when the signature is in range and s &lt;= n / 2. For every (r, s) also (r, n - s) verifies; only this one is
    /// accepted in an envelope, so that nobody can make a second form of a signature.
    /// </summary>
    public static bool IsLowS(ReadOnlySpan<byte> signature) =>
        IsInRange(signature) && signature[32..].SequenceCompareTo(HalfOrder) <= 0;

    /// <summary>
    /// Replaces s by n - s when s &gt; n / 2, in place. False, leaving the bytes as they are, when the signature is not in range.
    /// </summary>
    public static bool TryNormalizeLowS(Span<byte> signature)
    {
        if (!IsInRange(signature))
            return false;
        if (!IsLowS(signature))
            SubtractFromOrder(signature[32..]);
        return true;
    }

    /// <summary>
    /// Converts a DER signature (RFC 3279, section 2.2.3), as key management services give, to r || s. False unless it is
    /// exactly DER and in range.
    /// </summary>
    public static bool TryConvertDer(ReadOnlySpan<byte> der, Span<byte> signature)
    {
        if (der.Length > MaxDerBytes)
            return false;
        try
        {
            var integers = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
            var pair = integers.ReadSequence();
            integers.ThrowIfNotEmpty();
            bool fits = TryScalar(pair, signature[..32]) & TryScalar(pair, signature[32..SignatureBytes]);
            return fits && !pair.HasData && IsInRange(signature[..SignatureBytes]);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    // y^2 = x^3 - 3x + b with both coordinates below p. Affine, so the point at infinity has no such form; cofactor 1.
    internal static bool IsOnCurve(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        BigInteger a = Unsigned(x), b = Unsigned(y);
        return a < Prime && b < Prime && (b * b - (a * a - 3) * a - CurveB) % Prime == 0;
    }

    private static bool TryScalar(AsnReader reader, Span<byte> scalar)
    {
        var integer = reader.ReadInteger();
        int length = integer.Sign > 0 ? integer.GetByteCount(isUnsigned: true) : int.MaxValue;
        scalar.Clear();
        return length <= scalar.Length
            && integer.TryWriteBytes(scalar[^length..], out _, isUnsigned: true, isBigEndian: true);
    }

    private static bool IsScalar(ReadOnlySpan<byte> value) =>
        value.ContainsAnyExcept((byte)0) && value.SequenceCompareTo(Order) < 0;

    private static void SubtractFromOrder(Span<byte> s)
    {
        int borrow = 0;
        for (int i = 31; i >= 0; i--)
        {
            int digit = Order[i] - s[i] - borrow;
            borrow = digit < 0 ? 1 : 0;
            s[i] = (byte)digit;
        }
    }

    private static BigInteger Unsigned(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
