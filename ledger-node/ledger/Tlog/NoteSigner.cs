using System.Buffers.Binary;
using System.Text;
using RxChain.Ledger.Keys;

namespace RxChain.Ledger.Tlog;

/// <summary>A log's key: signs note texts with type 0x01 (C2SP signed-note, "Ed25519 signatures"). Does not own the private key.</summary>
public sealed class LogSigner
{
    private readonly Ed25519PrivateKey _key;

    /// <summary>A signer under a key name: for a checkpoint the log's origin.</summary>
    public LogSigner(string name, Ed25519PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
        VerifierKey = VerifierKey.Create(name, NoteAlgorithm.Ed25519, key.PublicKey);
    }

    /// <summary>The key that verifies these signatures.</summary>
    public VerifierKey VerifierKey { get; }

    /// <summary>Signs a note text, which ends in a newline.</summary>
    public NoteSignature Sign(string text) =>
        new(VerifierKey.Name, VerifierKey.KeyId, _key.Sign(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A witness's key: signs checkpoints with type 0x04 (C2SP tlog-cosignature). Does not own the private key.</summary>
public sealed class Cosigner
{
    private readonly Ed25519PrivateKey _key;

    /// <summary>A cosigner under its member's name. One private key serves one cosigner: the message does not name it.</summary>
    public Cosigner(string name, Ed25519PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
        VerifierKey = VerifierKey.Create(name, NoteAlgorithm.CosignatureV1, key.PublicKey);
    }

    /// <summary>The key that verifies these cosignatures.</summary>
    public VerifierKey VerifierKey { get; }

    /// <summary>Cosigns a checkpoint as of <paramref name="timestamp"/> (POSIX seconds, not negative).</summary>
    public NoteSignature Sign(Checkpoint checkpoint, long timestamp)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfNegative(timestamp);
        byte[] message = NoteVerifier.CosignedMessage(Encoding.UTF8.GetBytes(checkpoint.ToString()), timestamp);
        byte[] signature = new byte[8 + Ed25519.SignatureBytes];
        BinaryPrimitives.WriteInt64BigEndian(signature, timestamp);
        _key.Sign(message).CopyTo(signature, 8);
        return new NoteSignature(VerifierKey.Name, VerifierKey.KeyId, signature);
    }
}
