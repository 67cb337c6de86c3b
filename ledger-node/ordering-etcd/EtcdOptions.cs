using System.Security.Cryptography.X509Certificates;

namespace RxChain.Ordering.Etcd;

/// <summary>How one member reaches the ordering.</summary>
public sealed record EtcdOptions
{
    /// <summary>Client addresses of ordering members, the nearest first: <c>https://</c>, or <c>http://</c> on loopback only.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>Prefix of the network's keys, for instance <c>/rxchain/rx.example/0123456789abcdef/</c>. Ends in a slash.</summary>
    public required string Prefix { get; init; }

    /// <summary>Name of this member: its own key is the prefix and this name, the only one that it may write.</summary>
    public required string Member { get; init; }

    /// <summary>Certificate with key that names the member's etcd user; null without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Authorities that sign etcd's server certificates; null without TLS.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Puts under way at once.</summary>
    public int PutsInFlight { get; init; } = 8;

    /// <summary>How long one put may take, over all members tried.</summary>
    public TimeSpan PutTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one member may take before the next is tried: for a put, and to deliver what it acknowledged.</summary>
    public TimeSpan MemberTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>etcd's --quota-backend-bytes: its store takes no more puts beyond it. Four fifths of it are told as a problem.</summary>
    public long QuotaBytes { get; init; } = 2L << 30;

    /// <summary>How often the ordering members are asked how they are.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait before the next member is tried.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Null when these options can be used, else what is wrong.</summary>
    public string? Fault()
    {
        if (Endpoints.Count == 0)
            return "ordering: no endpoint is given";
        if (Endpoints.FirstOrDefault(e => !(e.Scheme == Uri.UriSchemeHttps || (e.Scheme == Uri.UriSchemeHttp && e.IsLoopback))) is { } plain)
            return $"ordering: {plain} must be https, or http on loopback";
        if (Endpoints.Any(e => e.Scheme == Uri.UriSchemeHttps) && (Certificate is null || Authorities is null))
            return "ordering: https needs a certificate with its key and the authorities of the servers";
        if (Prefix.Length == 0 || Prefix[^1] != '/')
            return $"ordering: prefix \"{Prefix}\" must end in a slash";
        if (Member.Length == 0)
            return "ordering: no member is named";
        return PutsInFlight is < 1 or > 64 ? "ordering: puts in flight must be 1 to 64" : null;
    }
}
