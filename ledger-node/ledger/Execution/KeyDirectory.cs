using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;

namespace RxChain.Ledger.Execution;

/// <summary>
/// Imported public keys by key id. A key id is a hash of its key, so an entry is never wrong; whether the key is
/// registered and valid is for the state to say. Thread-safe; bounded by count.
/// </summary>
public sealed class KeyDirectory(int maxKeys = 20_000) : IDisposable
{
    private readonly ConcurrentDictionary<Hash32, P256PublicKey> _keys = new();

    /// <summary>Keys imported so far.</summary>
    public long Imports { get; private set; }

    /// <summary>Finds a key that was added.</summary>
    public bool TryFind(in Hash32 keyId, [NotNullWhen(true)] out P256PublicKey? key) => _keys.TryGetValue(keyId, out key);

    /// <summary>Imports a key under its id; null when it is not a point of P-256.</summary>
    public P256PublicKey? Add(ReadOnlySpan<byte> publicKey)
    {
        var keyId = new Hash32(KeyId.Of(KeyId.EcdsaP256, publicKey));
        if (_keys.TryGetValue(keyId, out var known))
            return known;
        if (!P256PublicKey.TryImport(publicKey, out var key, out _))
            return null;
        // Emptied rather than trimmed: what is in use comes back at once, and no order of use must be kept.
        if (_keys.Count >= maxKeys)
            _keys.Clear();
        Imports++;
        return _keys.GetOrAdd(keyId, key);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
        _keys.Clear();
    }
}
