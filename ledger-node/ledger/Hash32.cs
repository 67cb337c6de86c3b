using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RxChain.Ledger.Native;

namespace RxChain.Ledger;

/// <summary>
/// A SHA-256 hash: 32 bytes held in place, without an array. Public values only: comparison is not constant-time.
/// Order is the lexicographic order of the bytes. <c>default</c> is thirty-two zero bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Hash32 : IEquatable<Hash32>, IComparable<Hash32>
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int SizeBytes = 32;

    private readonly ulong _word0, _word1, _word2, _word3;

    /// <summary>Copies a hash of exactly <see cref="SizeBytes"/> bytes; any other length is a bug of the caller.</summary>
    public Hash32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
            throw new ArgumentException($"A hash is {SizeBytes} bytes, not {bytes.Length}.", nameof(bytes));
        this = MemoryMarshal.Read<Hash32>(bytes);
    }

    /// <summary>The bytes, without a copy.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => MemoryMarshal.AsBytes(new ReadOnlySpan<Hash32>(in this));

    /// <summary>True for thirty-two zero bytes.</summary>
    public bool IsZero => (_word0 | _word1 | _word2 | _word3) == 0;

    /// <summary>SHA-256 of <paramref name="data"/>, without prefix.</summary>
    public static Hash32 Sha256(ReadOnlySpan<byte> data)
    {
        Unsafe.SkipInit(out Hash32 hash);
        var bytes = MemoryMarshal.AsBytes(new Span<Hash32>(ref hash));
        if (NativeSha256.IsSupported)
            NativeSha256.HashData(data, bytes);
        else
            SHA256.HashData(data, bytes);
        return hash;
    }

    /// <summary>Copies a hash out of bytes from outside; false when they are not exactly 32.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out Hash32 hash)
    {
        hash = bytes.Length == SizeBytes ? new Hash32(bytes) : default;
        return bytes.Length == SizeBytes;
    }

    /// <summary>Reads 64 hexadecimal digits of either case; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Hash32 hash)
    {
        hash = default;
        if (hex.Length != 2 * SizeBytes)
            return false;
        Span<byte> bytes = stackalloc byte[SizeBytes];
        if (Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        hash = new Hash32(bytes);
        return true;
    }

    /// <summary>Reads 64 hexadecimal digits; for constants and tests, anything else throws.</summary>
    public static Hash32 Parse(ReadOnlySpan<char> hex) =>
        TryParse(hex, out var hash) ? hash : throw new FormatException("A hash is 64 hexadecimal digits.");

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => Span.CopyTo(destination);

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <summary>Standard base64 with padding (RFC 4648, section 4), as C2SP texts write hashes.</summary>
    public string ToBase64() => Convert.ToBase64String(Span);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <inheritdoc/>
    public bool Equals(Hash32 other) =>
        _word0 == other._word0 && _word1 == other._word1 && _word2 == other._word2 && _word3 == other._word3;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash32 other && Equals(other);

    /// <summary>Eight of the bytes: a SHA-256 hash needs no further mixing.</summary>
    public override int GetHashCode() => _word0.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(Hash32 other) => Span.SequenceCompareTo(other.Span);

    /// <summary>The first <paramref name="bits"/> bits (1 to 32) as a number: a bucket index.</summary>
    public uint Prefix(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 32);
        return BinaryPrimitives.ReadUInt32BigEndian(Span) >> (32 - bits);
    }

    public static bool operator ==(Hash32 left, Hash32 right) => left.Equals(right);
    public static bool operator !=(Hash32 left, Hash32 right) => !left.Equals(right);
    public static bool operator <(Hash32 left, Hash32 right) => left.CompareTo(right) < 0;
    public static bool operator >(Hash32 left, Hash32 right) => left.CompareTo(right) > 0;
    public static bool operator <=(Hash32 left, Hash32 right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Hash32 left, Hash32 right) => left.CompareTo(right) >= 0;
}
