using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using RxChain.Ledger.Keys;

namespace RxChain.Ledger.Tlog;

/// <summary>A signature of a known key that verified.</summary>
/// <param name="Key">The key.</param>
/// <param name="Timestamp">POSIX seconds of a cosignature; null for other types.</param>
/// <param name="Line">The signature line.</param>
public sealed record VerifiedSignature(VerifierKey Key, long? Timestamp, NoteSignature Line);

/// <summary>Verifies signature lines against known keys (C2SP signed-note, "Signatures"; tlog-cosignature).</summary>
public static class NoteVerifier
{
    private const int TimestampBytes = 8;

    /// <summary>
    /// Verifies every line whose name and key id are those of a known key, and ignores the others. Refuses the note when
    /// one of them fails, as the specification advises. A key that signed twice is reported once, by its first line.
    /// An empty result is not a refusal: the caller decides which signatures it needs.
    /// </summary>
    public static bool TryVerify(
        SignedNote note,
        IEnumerable<VerifierKey> knownKeys,
        [NotNullWhen(true)] out IReadOnlyList<VerifiedSignature>? verified,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(note);
        var keys = knownKeys.ToLookup(key => (key.Name, key.KeyId));
        byte[] text = Encoding.UTF8.GetBytes(note.Text);
        var found = new Dictionary<VerifierKey, VerifiedSignature>();
        verified = null;
        error = null;
        foreach (var line in note.Signatures)
        {
            var candidates = keys[(line.KeyName, line.KeyId)];
            var match = candidates.Select(key => VerifyLine(key, text, line)).FirstOrDefault(result => result != null);
            if (match != null)
                found.TryAdd(match.Key, match);
            else if (candidates.Any())
                error ??= $"the signature of {line.KeyName} is wrong";
        }
        if (error == null)
            verified = [.. found.Values];
        return error == null;
    }

    /// <summary>The result of one line under one key, or null when it does not verify.</summary>
    public static VerifiedSignature? VerifyLine(VerifierKey key, ReadOnlySpan<byte> text, NoteSignature line)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(line);
        if (line.KeyName != key.Name || line.KeyId != key.KeyId)
            return null;
        var signature = line.Signature.Span;
        if (key.Algorithm == NoteAlgorithm.Ed25519)
            return key.PublicKey.Verify(text, signature) ? new VerifiedSignature(key, null, line) : null;
        if (signature.Length != TimestampBytes + Ed25519.SignatureBytes)
            return null;
        long timestamp = BinaryPrimitives.ReadInt64BigEndian(signature);
        bool valid = timestamp >= 0 && key.PublicKey.Verify(CosignedMessage(text, timestamp), signature[TimestampBytes..]);
        return valid ? new VerifiedSignature(key, timestamp, line) : null;
    }

    // C2SP tlog-cosignature, "Ed25519 signed message".
    internal static byte[] CosignedMessage(ReadOnlySpan<byte> text, long timestamp)
    {
        string header = string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {timestamp}\n");
        return [.. Encoding.UTF8.GetBytes(header), .. text];
    }
}
