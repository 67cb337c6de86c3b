using Google.Protobuf;
using RxChain.Ledger;
using RxChain.Ledger.Keys;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions.State;

namespace RxChain.Auditor.Replay;

/// <summary>
/// Public keys as the replayed state has them, each imported once, by the first thread that verifies with it: without
/// libcrypto (docs/adr/0005) an import costs two verifications. Used by the replaying thread alone; what it hands out may go to others.
/// </summary>
internal sealed class ReplayKeys
{
    // A key in use weighs about 4 kB in the platform's library.
    private const int MaxKeys = 8_192;

    private readonly Dictionary<Hash32, Lazy<P256PublicKey?>> _signers = [];
    private readonly Dictionary<ByteString, Lazy<Ed25519PublicKey?>> _nodes = [];

    /// <summary>The key of an id, or null when it was never registered. Registered keys stay in the state for good.</summary>
    public Lazy<P256PublicKey?>? FindSigner(StateMap state, ByteString keyId)
    {
        var id = new Hash32(keyId.Span);
        if (_signers.TryGetValue(id, out var known))
            return known;
        if (state.Find<Key>(EntityKind.Key, keyId.Span) is not { } registered)
            return null;
        // Emptied rather than trimmed: what is in use comes back at once. Checks under way keep what they hold.
        if (_signers.Count == MaxKeys)
            _signers.Clear();
        var bytes = registered.PublicKey;
        return _signers[id] = new(() => P256PublicKey.TryImport(bytes.Span, out var key, out _) ? key : null);
    }

    /// <summary>A validator's node key.</summary>
    public Lazy<Ed25519PublicKey?> Node(ByteString nodeKey)
    {
        if (!_nodes.TryGetValue(nodeKey, out var known))
            _nodes[nodeKey] = known = new(() => Ed25519PublicKey.TryImport(nodeKey.Span, out var key) ? key : null);
        return known;
    }
}
