using RxChain.Ledger;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;

namespace RxChain.Client;

/// <summary>Signs event ids, and statements inside events, with one key. Does not own it.</summary>
public sealed class EventSigner
{
    private readonly Func<Hash32, CancellationToken, Task<byte[]>> _sign;

    /// <summary>Signs with a key in memory.</summary>
    public EventSigner(P256PrivateKey key)
        : this(key.PublicKey.Encoded, (digest, _) => Task.FromResult(key.SignDigest(digest)))
    {
    }

    /// <summary>Signs with a key elsewhere: a card, an HSM, a key service.</summary>
    /// <param name="publicKey">Its public key, 65 bytes SEC 1 uncompressed.</param>
    /// <param name="sign">Signs a SHA-256 digest with ECDSA: 64 bytes r||s; either form of s, it is made low here.</param>
    public EventSigner(ReadOnlySpan<byte> publicKey, Func<Hash32, CancellationToken, Task<byte[]>> sign)
    {
        PublicKey = publicKey.ToArray();
        KeyId = new Hash32(Prescriptions.KeyId.Of(Prescriptions.KeyId.EcdsaP256, publicKey));
        _sign = sign;
    }

    /// <summary>The public key, 65 bytes SEC 1 uncompressed.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Id of the key, as events name it.</summary>
    public Hash32 KeyId { get; }

    internal async Task<byte[]> SignAsync(Hash32 digest, CancellationToken cancellationToken)
    {
        byte[] signature = await _sign(digest, cancellationToken);
        return P256.TryNormalizeLowS(signature)
            ? signature
            : throw new InvalidOperationException("The signer returned something that is not a P-256 signature r||s of 64 bytes.");
    }
}
