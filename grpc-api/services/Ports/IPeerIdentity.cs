using Microsoft.AspNetCore.Http;

namespace RxChain.GrpcApi.Ports;

/// <summary>Says which member's node is at the other end of a connection.</summary>
public interface IPeerIdentity
{
    /// <summary>The member, one that the configuration names as a peer; null for everybody else.</summary>
    string? MemberAt(HttpContext connection);
}
