using System.Security.Cryptography.X509Certificates;
using RxChain.GrpcApi.Access;

namespace RxChain.Node.Tls;

/// <summary>
/// Whose certificates count. A client's comes from its own organisation's authorities and is valid now. A member's node has
/// one from exactly the authority that the configuration names for that member; its dates do not count, so that the
/// members' replication never stops because a certificate expired.
/// </summary>
internal sealed class TlsPolicy(TlsFiles files, TimeProvider clock)
{
    /// <summary>Null when a client may connect with this certificate, else why not.</summary>
    public string? ClientFault(X509Certificate2 certificate, X509Certificate2Collection between)
    {
        // Who has the node's own key asks for its health: see HealthCommand. It names no roles.
        if (certificate.RawDataMemory.Span.SequenceEqual(files.Current.Node.Certificate.RawDataMemory.Span))
            return null;
        if (Subject.Of(certificate) is null)
            return "its subject has no single CN";
        return CertificateChecks.IsFor(certificate, CertificateChecks.ClientUsage)
            ? CertificateChecks.ChainFault(certificate, between, files.Current.ClientAuthorities, clock)
            : "it is not for clients (extended key usage)";
    }

    /// <summary>Null when this is the certificate of a member's node, else why not.</summary>
    /// <param name="certificate">What the other end showed.</param>
    /// <param name="between">What came with it.</param>
    /// <param name="expected">The member that it must be; null: any that is a peer.</param>
    public string? PeerFault(X509Certificate2 certificate, X509Certificate2Collection between, string? expected = null)
    {
        if (Subject.Of(certificate)?.Name is not { } member)
            return "its subject has no single CN";
        if (expected is not null && member != expected)
            return $"it is for {member}, not for {expected}";
        if (!files.Current.PeerAuthorities.TryGetValue(member, out var authorities))
            return $"{member} is not among the peers";
        // A client of that member, whatever name it was given, is not its node.
        return CertificateChecks.IsFor(certificate, CertificateChecks.ServerUsage)
            ? CertificateChecks.ChainFault(certificate, between, authorities, clock: null)
            : "it is not for nodes (extended key usage server)";
    }

    /// <summary>The client that a certificate names.</summary>
    public static Caller Client(X509Certificate2 certificate)
    {
        var subject = Subject.Of(certificate)!;
        return new Caller(subject.Name, [.. subject.Units.Select(unit => (Known: ClientRoles.TryParse(unit, out var role), Role: role))
            .Where(unit => unit.Known).Select(unit => unit.Role).Distinct()]);
    }
}
