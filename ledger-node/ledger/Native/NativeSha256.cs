using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace RxChain.Ledger.Native;

/// <summary>
/// SHA-256 by libcrypto itself: 0.1 µs for two hashes to hash, where .NET takes 0.7, nearly all of it on the way there.
/// An event costs some forty of them. See docs/adr/0005.
/// </summary>
internal static class NativeSha256
{
    /// <summary>True when libcrypto is there and hashes as .NET does.</summary>
    public static bool IsSupported { get; } = LibCrypto.Passes(HashesRightly);

    /// <summary>Only where <see cref="IsSupported"/>.</summary>
    /// <param name="data">What to hash.</param>
    /// <param name="hash">32 bytes, written over.</param>
    [SkipLocalsInit]
    public static void HashData(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hash.Length, Hash32.SizeBytes, nameof(hash));
        Span<byte> context = stackalloc byte[LibCrypto.Sha256ContextBytes];
        // None of them fails: they return an int for a form that all hashes have in common.
        _ = LibCrypto.InitSha256(context);
        _ = LibCrypto.UpdateSha256(context, data, data.Length);
        _ = LibCrypto.FinalSha256(hash, context);
    }

    private static bool HashesRightly()
    {
        byte[] data = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        Span<byte> hash = stackalloc byte[Hash32.SizeBytes];
        HashData(data, hash);
        return hash.SequenceEqual(SHA256.HashData(data));
    }
}
