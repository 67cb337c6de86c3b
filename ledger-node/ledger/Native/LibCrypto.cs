using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RxChain.Ledger.Native;

/// <summary>
/// The functions of OpenSSL's libcrypto that P-256 public keys and SHA-256 take; why: docs/adr/0005. Present in every
/// OpenSSL 3. Where one is missing a call throws <see cref="EntryPointNotFoundException"/> or <see cref="DllNotFoundException"/>.
/// </summary>
internal static partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    /// <summary>OpenSSL's number for P-256 (NID_X9_62_prime256v1).</summary>
    public const int NistP256 = 415;

    /// <summary>Size of a SHA256_CTX: 112 bytes since OpenSSL 0.9.8, and some to spare.</summary>
    public const int Sha256ContextBytes = 128;

    /// <summary>True when the library is of the very version that .NET uses, so the one that it has loaded.</summary>
    public static bool IsThatOfDotNet { get; } = HasVersionOfDotNet();

    /// <summary>False when <paramref name="answersRightly"/> is, or when a function that it calls is missing.</summary>
    public static bool Passes(Func<bool> answersRightly)
    {
        try
        {
            return IsThatOfDotNet && answersRightly();
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport(Library, EntryPoint = "EC_GROUP_new_by_curve_name")]
    public static partial nint NewGroup(int curve);

    [LibraryImport(Library, EntryPoint = "EC_KEY_new")]
    public static partial EcKeyHandle NewKey();

    [LibraryImport(Library, EntryPoint = "EC_KEY_set_group")]
    public static partial int SetGroup(EcKeyHandle key, nint group);

    /// <summary>Sets the public point. 1 when its coordinates are below p and it is on the curve; no multiplication by the order.</summary>
    [LibraryImport(Library, EntryPoint = "EC_KEY_oct2key")]
    public static partial int SetPoint(EcKeyHandle key, ReadOnlySpan<byte> sec1, nint length, nint context);

    /// <summary>1 when the signature verifies, 0 when not, -1 for a failure. Changes nothing in the key.</summary>
    [LibraryImport(Library, EntryPoint = "ECDSA_verify")]
    public static partial int Verify(
        int type, ReadOnlySpan<byte> digest, int digestLength, ReadOnlySpan<byte> der, int derLength, EcKeyHandle key);

    [LibraryImport(Library, EntryPoint = "EC_KEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "SHA256_Init")]
    public static partial int InitSha256(Span<byte> context);

    [LibraryImport(Library, EntryPoint = "SHA256_Update")]
    public static partial int UpdateSha256(Span<byte> context, ReadOnlySpan<byte> data, nint length);

    [LibraryImport(Library, EntryPoint = "SHA256_Final")]
    public static partial int FinalSha256(Span<byte> hash, Span<byte> context);

    /// <summary>Empties this thread's queue of errors, so that nobody takes ours for his.</summary>
    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "OpenSSL_version_num")]
    private static partial nuint Version();

    private static bool HasVersionOfDotNet()
    {
        try
        {
            return OperatingSystem.IsLinux() && Version() == (nuint)SafeEvpPKeyHandle.OpenSslVersion;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}

/// <summary>An <c>EC_KEY</c>, freed when nobody uses it any more.</summary>
internal sealed class EcKeyHandle() : SafeHandle(0, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibCrypto.FreeKey(handle);
        return true;
    }
}
