using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using RxChain.Ledger.Keys;

namespace RxChain.Ledger.Tlog;

/// <summary>Signature type bytes of C2SP signed-note ("Signature types") that RxChain uses.</summary>
public enum NoteAlgorithm : byte
{
    /// <summary>Ed25519 over the note text: a log's key.</summary>
    Ed25519 = 0x01,

    /// <summary>Timestamped Ed25519 <c>cosignature/v1</c> (C2SP tlog-cosignature): a witness's key.</summary>
    CosignatureV1 = 0x04,
}

/// <summary>
/// A C2SP verifier key, written <c>name+hash+keydata</c>: the key name, the key id as eight lower-case hexadecimal digits,
/// and base64(type byte || public key). Immutable; equal by all of its parts.
/// </summary>
public sealed record VerifierKey
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private VerifierKey(string name, NoteAlgorithm algorithm, Ed25519PublicKey publicKey)
    {
        Name = name;
        Algorithm = algorithm;
        PublicKey = publicKey;
        KeyId = ComputeKeyId(name, algorithm, publicKey);
    }

    /// <summary>The key name: for a log its origin, for a cosigner its member's name.</summary>
    public string Name { get; }

    /// <summary>The signature type.</summary>
    public NoteAlgorithm Algorithm { get; }

    /// <summary>The public key.</summary>
    public Ed25519PublicKey PublicKey { get; }

    /// <summary>First four bytes of SHA-256(name || 0x0A || type || public key), big-endian (signed-note, "Signatures").</summary>
    public uint KeyId { get; }

    /// <summary>Makes a verifier key; an invalid name is a bug of the caller.</summary>
    public static VerifierKey Create(string name, NoteAlgorithm algorithm, Ed25519PublicKey publicKey)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        if (!StrictText.IsKeyName(name))
            throw new ArgumentException("A key name is not empty and has no space, plus or control character.", nameof(name));
        if (!Enum.IsDefined(algorithm))
            throw new ArgumentOutOfRangeException(nameof(algorithm));
        return new VerifierKey(name, algorithm, publicKey);
    }

    /// <summary>Parses a vkey; refuses unknown types, keys that do not import, and a key id that does not match.</summary>
    public static bool TryParse(
        string vkey, [NotNullWhen(true)] out VerifierKey? key, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(vkey);
        key = null;
        string[] parts = vkey.Split('+', 3);
        if (parts.Length != 3 || !StrictText.IsKeyName(parts[0]))
            error = "a verifier key is name+id+base64";
        else if (!TryKeyId(parts[1], out uint id))
            error = "a key id is eight lower-case hexadecimal digits";
        else if (!StrictText.TryBase64(parts[2], out byte[]? data) || data.Length != 1 + Ed25519.PublicKeyBytes)
            error = "the key is not base64 of 33 bytes";
        else if (!Enum.IsDefined((NoteAlgorithm)data[0]))
            error = $"signature type 0x{data[0]:x2} is not supported";
        else if (!Ed25519PublicKey.TryImport(data.AsSpan(1), out var publicKey))
            error = "the key is not a valid Ed25519 public key";
        else
        {
            var parsed = new VerifierKey(parts[0], (NoteAlgorithm)data[0], publicKey);
            key = parsed.KeyId == id ? parsed : null;
            error = parsed.KeyId == id ? null : $"the key id is {parsed.KeyId:x8}, not {id:x8}";
        }
        return error == null;
    }

    /// <summary>The vkey text.</summary>
    public override string ToString()
    {
        byte[] data = [(byte)Algorithm, .. PublicKey.Encoded];
        return $"{Name}+{KeyId:x8}+{Convert.ToBase64String(data)}";
    }

    private static bool TryKeyId(string text, out uint id)
    {
        id = 0;
        return text.Length == 8
            && !text.AsSpan().ContainsAnyExcept(HexDigits)
            && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
    }

    private static uint ComputeKeyId(string name, NoteAlgorithm algorithm, Ed25519PublicKey publicKey)
    {
        byte[] input = [.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)algorithm, .. publicKey.Encoded];
        return BinaryPrimitives.ReadUInt32BigEndian(Hash32.Sha256(input).Span);
    }
}
