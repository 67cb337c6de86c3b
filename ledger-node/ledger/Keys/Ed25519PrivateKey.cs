using System.Security.Cryptography;
using Rfc8032 = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace RxChain.Ledger.Keys;

/// <summary>An Ed25519 private key, held as its RFC 8032 seed and wiped on disposal. Signing is deterministic and thread-safe.</summary>
public sealed class Ed25519PrivateKey : IDisposable
{
    private readonly byte[] _seed;
    private bool _disposed;

    /// <summary>Takes a copy of a 32-byte seed, which must come from a cryptographic random source.</summary>
    public Ed25519PrivateKey(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Ed25519.SeedBytes)
            throw new ArgumentException($"A seed is {Ed25519.SeedBytes} bytes, not {seed.Length}.", nameof(seed));
        _seed = seed.ToArray();
        byte[] encoded = new byte[Ed25519.PublicKeyBytes];
        Rfc8032.GeneratePublicKey(_seed, 0, encoded, 0);
        PublicKey = Ed25519PublicKey.TryImport(encoded, out var key)
            ? key
            : throw new InvalidOperationException("A generated public key did not import.");
    }

    /// <summary>The matching public key.</summary>
    public Ed25519PublicKey PublicKey { get; }

    /// <summary>A new key from the operating system's random source.</summary>
    public static Ed25519PrivateKey Generate()
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedBytes];
        RandomNumberGenerator.Fill(seed);
        var key = new Ed25519PrivateKey(seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    /// <summary>The 64-byte signature R || S.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte[] signature = new byte[Ed25519.SignatureBytes];
        Rfc8032.Sign(_seed, 0, PublicKey.Encoded.ToArray(), 0, message.ToArray(), 0, message.Length, signature, 0);
        return signature;
    }

    /// <summary>A copy of the seed, for a key store to keep.</summary>
    public byte[] ExportSeed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return (byte[])_seed.Clone();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_seed);
    }
}
