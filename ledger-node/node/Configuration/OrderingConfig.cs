namespace RxChain.Node.Configuration;

/// <summary>Where batches get their order.</summary>
public sealed record OrderingConfig
{
    /// <summary>In this process: for a network of one validator.</summary>
    public const string Local = "local";

    /// <summary>On etcd.</summary>
    public const string Etcd = "etcd";

    /// <summary>Nowhere: this node only copies what is final.</summary>
    public const string None = "none";

    /// <summary><see cref="Local"/>, <see cref="Etcd"/> or <see cref="None"/>.</summary>
    public string Kind { get; init; } = Local;

    /// <summary>etcd's client addresses, the nearest first: <c>https://ip:port</c>, or in plaintext <c>http://</c> and a loopback address.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Certificate of the member's etcd user, a PEM file; null only in plaintext.</summary>
    public string? Certificate { get; init; }

    /// <summary>Its private key, PKCS#8 in PEM, mode 0600.</summary>
    public string? Key { get; init; }

    /// <summary>Authorities that sign etcd's certificates, a PEM file.</summary>
    public string? Authorities { get; init; }
}
