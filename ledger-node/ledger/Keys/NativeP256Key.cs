using RxChain.Ledger.Native;

namespace RxChain.Ledger.Keys;

/// <summary>
/// A P-256 public key inside libcrypto itself. .NET's import multiplies the point by the group's order and costs nearly two
/// verifications; on P-256, whose cofactor is 1, being on the curve says as much. See docs/adr/0005.
/// </summary>
internal sealed class NativeP256Key : IDisposable
{
    private const int MaxDerBytes = 2 + 2 * (2 + 33);

    // Lives as long as the process.
    private static nint _group;

    private readonly EcKeyHandle _key;

    private NativeP256Key(EcKeyHandle key) => _key = key;

    /// <summary>True when libcrypto is there and answered known questions rightly.</summary>
    public static bool IsSupported { get; } = LibCrypto.Passes(AnswersRightly);

    /// <summary>Null when the point is none of P-256. Only where <see cref="IsSupported"/>.</summary>
    /// <param name="sec1">65 bytes that begin with 0x04.</param>
    public static NativeP256Key? Import(ReadOnlySpan<byte> sec1)
    {
        var key = LibCrypto.NewKey();
        if (!key.IsInvalid && LibCrypto.SetGroup(key, _group) == 1 && LibCrypto.SetPoint(key, sec1, sec1.Length, 0) == 1)
            return new NativeP256Key(key);
        key.Dispose();
        LibCrypto.ClearErrors();
        return null;
    }

    /// <summary>Verifies r || s, both in range. Thread-safe.</summary>
    public bool VerifyDigest(in Hash32 digest, ReadOnlySpan<byte> signature)
    {
        Span<byte> der = stackalloc byte[MaxDerBytes];
        int length = 2;
        length += WriteInteger(signature[..32], der[length..]);
        length += WriteInteger(signature[32..], der[length..]);
        (der[0], der[1]) = (0x30, (byte)(length - 2));
        int result = LibCrypto.Verify(0, digest.Span, Hash32.SizeBytes, der, length, _key);
        if (result < 0)
            LibCrypto.ClearErrors();
        return result == 1;
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    // DER: the fewest bytes, with a zero in front where the first bit would be a sign. Returns what it wrote.
    private static int WriteInteger(ReadOnlySpan<byte> scalar, Span<byte> der)
    {
        var digits = scalar.TrimStart((byte)0);
        int sign = digits[0] >> 7;
        (der[0], der[1], der[2]) = (0x02, (byte)(sign + digits.Length), 0);
        digits.CopyTo(der[(2 + sign)..]);
        return 2 + sign + digits.Length;
    }

    // RFC 6979, section A.2.5, SHA-256, "sample". Calls every function once: a missing one shows here and nowhere else.
    private static bool AnswersRightly()
    {
        byte[] point = Convert.FromHexString(
            "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299");
        byte[] signature = Convert.FromHexString(
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
        _group = LibCrypto.NewGroup(LibCrypto.NistP256);
        using var key = Import(point);
        if (key is null || !key.VerifyDigest(Hash32.Sha256("sample"u8), signature) || key.VerifyDigest(Hash32.Sha256("test"u8), signature))
            return false;
        point[^1] ^= 1;
        using var offCurve = Import(point);
        return offCurve is null;
    }
}
