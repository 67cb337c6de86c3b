using RxChain.Ledger;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;

namespace RxChain.GrpcApi.Ports;

/// <summary>Signs as one organisation, with a key that the node holds or can use. Thread-safe.</summary>
public interface IOrganisationSigner
{
    /// <summary>The organisation's name.</summary>
    string Organisation { get; }

    /// <summary>Id of its key.</summary>
    Hash32 KeyId { get; }

    /// <summary>Signs a digest: 64 bytes r||s, s low.</summary>
    Task<byte[]> SignDigestAsync(Hash32 digest, CancellationToken cancellationToken);
}

/// <summary>Signs with a key in memory, which it does not own.</summary>
public sealed class MemoryOrganisationSigner(string organisation, P256PrivateKey key) : IOrganisationSigner
{
    /// <inheritdoc/>
    public string Organisation => organisation;

    /// <inheritdoc/>
    public Hash32 KeyId { get; } = new(Prescriptions.KeyId.Of(Prescriptions.KeyId.EcdsaP256, key.PublicKey.Encoded));

    /// <inheritdoc/>
    public Task<byte[]> SignDigestAsync(Hash32 digest, CancellationToken cancellationToken) =>
        Task.FromResult(key.SignDigest(digest));
}
