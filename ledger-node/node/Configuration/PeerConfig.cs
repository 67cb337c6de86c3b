namespace RxChain.Node.Configuration;

/// <summary>Another member's node.</summary>
public sealed record PeerConfig
{
    /// <summary>The member's name: what its node's certificate must be for.</summary>
    public string Member { get; init; } = "";

    /// <summary>Where it is served: <c>https://ip:port</c>, or in plaintext <c>http://</c> and a loopback address.</summary>
    public string Address { get; init; } = "";

    /// <summary>The only authority that may have signed its certificate, a PEM file; null only in plaintext.</summary>
    public string? Authority { get; init; }
}
