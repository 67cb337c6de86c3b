using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>The keys of the validator that this node runs.</summary>
public sealed record ValidatorIdentity(
    string Name, Ed25519PrivateKey NodeKey, Ed25519PrivateKey CosignerKey, Ed25519PrivateKey LogKey);

/// <summary>The validators of a network and what they must agree on.</summary>
public sealed class ValidatorSet
{
    private readonly Dictionary<string, VerifierKey> _cosigners;
    private readonly Dictionary<string, Ed25519PublicKey> _nodeKeys;

    /// <summary>The validators that a genesis names.</summary>
    public ValidatorSet(GenesisLeaf genesis)
    {
        Names = [.. genesis.Validators.Select(v => v.Name).Order(StringComparer.Ordinal)];
        _cosigners = genesis.Validators.ToDictionary(
            v => v.Name, v => VerifierKey.Create(v.Name, NoteAlgorithm.CosignatureV1, v.Validator!.Cosigner));
        _nodeKeys = genesis.Validators.ToDictionary(v => v.Name, v => v.Validator!.Node);
        Quorum = TlogPolicy.TryParse(System.Text.Encoding.UTF8.GetBytes(genesis.QuorumText), out var policy, out var errors)
            ? policy : throw new ArgumentException(errors[0], nameof(genesis));
    }

    /// <summary>Names in ascending order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Which sets of cosigners suffice.</summary>
    public TlogPolicy Quorum { get; }

    /// <summary>A validator's cosigner key, or null for another name.</summary>
    public VerifierKey? Cosigner(string name) => _cosigners.GetValueOrDefault(name);

    /// <summary>A validator's node key, or null for another name.</summary>
    public Ed25519PublicKey? NodeKey(string name) => _nodeKeys.GetValueOrDefault(name);

    /// <summary>True when these validators are a quorum.</summary>
    public bool IsQuorum(IEnumerable<string> names) => Quorum.IsQuorum(names.Select(n => _cosigners[n]));
}
