using Microsoft.AspNetCore.Http;
using RxChain.GrpcApi.Ports;

namespace RxChain.Node.Hosting;

/// <summary>Who is who without TLS, for trying things out on one machine: each says it in a header, and is believed.</summary>
internal sealed class PlaintextPeers(IReadOnlyCollection<string> members) : IPeerIdentity
{
    private const string Header = "rxchain-member";

    /// <inheritdoc/>
    public string? MemberAt(HttpContext connection) =>
        connection.Request.Headers[Header] is [{ } member] && members.Contains(member) ? member : null;

    /// <summary>Says on every call who this node is.</summary>
    public sealed class Caller(string member, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        /// <inheritdoc/>
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add(Header, member);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
