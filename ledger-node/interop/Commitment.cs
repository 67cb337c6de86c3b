using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RxChain.Interop;

/// <summary>Salted commitments to content that stays off the ledger: docs/FORMAT.md, "Commitments".</summary>
/// <remarks>SHA-256 over domain, salt and content, each after its length as a 32-bit big-endian number.</remarks>
public static class Commitment
{
    /// <summary>Length of a salt, in bytes.</summary>
    public const int SaltSizeBytes = 32;

    /// <summary>Domain of <c>Issue.content_commitment</c>: the document as received.</summary>
    public const string PrescriptionDomain = "rxchain.v1/prescription";

    /// <summary>Domain of <c>Line.commitment</c>: product, dosage, quantity, substitution.</summary>
    public const string LineDomain = "rxchain.v1/line";

    /// <summary>Domain of <c>Dispense.content_commitment</c>: the document as received.</summary>
    public const string DispenseDomain = "rxchain.v1/dispense";

    /// <summary>Domain of <c>DispensedItem.product_commitment</c>: products and quantities.</summary>
    public const string ProductDomain = "rxchain.v1/product";

    /// <summary>The commitment, 32 bytes.</summary>
    /// <exception cref="ArgumentException">The salt is not 32 bytes.</exception>
    public static byte[] Compute(string domain, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> content)
    {
        if (salt.Length != SaltSizeBytes) throw new ArgumentException($"A salt has {SaltSizeBytes} bytes.", nameof(salt));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.ASCII.GetBytes(domain));
        Append(hash, salt);
        Append(hash, content);
        return hash.GetHashAndReset();
    }

    /// <summary>True when <paramref name="commitment"/> is the one to this salt and content.</summary>
    public static bool Verify(
        string domain, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> content, ReadOnlySpan<byte> commitment) =>
        salt.Length == SaltSizeBytes && CryptographicOperations.FixedTimeEquals(Compute(domain, salt, content), commitment);

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
