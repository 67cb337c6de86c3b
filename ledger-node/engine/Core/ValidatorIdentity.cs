using RxChain.Ledger.Keys;

namespace RxChain.Engine.Core;

/// <summary>The keys of the validator that this node runs.</summary>
public sealed record ValidatorIdentity(
    string Name, Ed25519PrivateKey NodeKey, Ed25519PrivateKey CosignerKey, Ed25519PrivateKey LogKey);
